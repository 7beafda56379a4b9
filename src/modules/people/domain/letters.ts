/** The letters that people get: to open an account, to choose a new password, and about another address. */
import type { Letter } from '#core/ports/mail.ts';

/** Paths of the browser app. The token is behind the `#`, so that no server on the way logs it. */
const openPath = '/account/open#';
const resetPath = '/account/reset#';
const emailPath = '/account/email#';

export interface LetterRequest {
  readonly asked: 'sign-up' | 'reset';
  readonly email: string;
  readonly hasAccount: boolean;
  /** The house as people reach it, such as `https://kontor.example`; undefined where it does not know. */
  readonly origin: string | undefined;
  readonly secret: string;
}

/** A letter goes to every address; its text depends on whether there is an account. */
export function letterFor({ asked, email, hasAccount, origin, secret }: LetterRequest): Letter {
  const path = `${hasAccount ? resetPath : openPath}${secret}`;
  const [subject, lines] = hasAccount ? letterToOwner(asked) : letterToStranger(asked);
  return { to: email, subject, text: [...lines, '', ...wayTo(path, origin), '', foot, '', 'Kontor'].join('\n') };
}

const foot = 'It works once, for an hour. If you did not ask for it, ignore this letter: nothing has changed.';

function wayTo(path: string, origin: string | undefined): readonly string[] {
  return origin === undefined ? ['Write this behind the address of the house:', '', path] : [`${origin}${path}`];
}

export function letterToNewAddress({ email, origin, secret }: Pick<LetterRequest, 'email' | 'origin' | 'secret'>): Letter {
  const lines = ['This address was given as the new one of an account. To confirm it, log in to the account, and open:'];
  const text = [...lines, '', ...wayTo(`${emailPath}${secret}`, origin), '', foot, '', 'Kontor'].join('\n');
  return { to: email, subject: 'Confirm your new address', text };
}

/** In place of a link: an address has one account. */
export function letterToTakenAddress(email: string): Letter {
  const lines = ['Somebody gave this address as the new one of an account, but it has an account already.', 'Nothing has changed.'];
  return { to: email, subject: 'This address has an account already', text: [...lines, '', 'Kontor'].join('\n') };
}

/** For the old address, which might belong to another person than the one at the screen. */
export function noticeOfNewAddress(step: 'asked' | 'changed', oldEmail: string, newEmail: string): Letter {
  const [subject, what] =
    step === 'asked'
      ? ['Somebody asked to change your address', `Somebody asked to change the address of your account to ${newEmail}.`]
      : [
          'Your address is changed',
          `The address of your account is now ${newEmail}. Links in earlier letters to this address do not work any more.`,
        ];
  const advice = 'If that was not you, somebody knows your password: choose a new one, and tell the house.';
  return { to: oldEmail, subject, text: [what, '', advice, '', 'Kontor'].join('\n') };
}

function letterToStranger(asked: LetterRequest['asked']): [string, readonly string[]] {
  if (asked === 'sign-up') return ['Open your account', ['Welcome to Kontor. Choose a password to open your account:']];
  return [
    'There is no account with this address',
    ['Somebody asked for a new password, but there is no account with this address.', 'To open one, choose a password:'],
  ];
}

function letterToOwner(asked: LetterRequest['asked']): [string, readonly string[]] {
  if (asked === 'reset') return ['Choose a new password', ['Choose a new password for your account:']];
  return [
    'You already have an account',
    ['Somebody asked to open an account with this address, but you have one. Log in as usual,', 'or choose a new password:'],
  ];
}
