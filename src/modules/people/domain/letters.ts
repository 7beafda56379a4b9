/** The letters that people get: to open an account, or to choose a new password. */
import type { Letter } from '#core/ports/mail.ts';

/** Paths of the browser app. The token is behind the `#`, so that no server on the way logs it. */
const openPath = '/account/open#';
const resetPath = '/account/reset#';

export interface LetterRequest {
  readonly asked: 'sign-up' | 'reset';
  readonly email: string;
  readonly hasAccount: boolean;
  /** The house as people reach it, such as `https://kontor.example`. */
  readonly origin: string;
  readonly secret: string;
}

/** A letter goes to every address; its text depends on whether there is an account. */
export function letterFor({ asked, email, hasAccount, origin, secret }: LetterRequest): Letter {
  const link = `${origin}${hasAccount ? resetPath : openPath}${secret}`;
  const [subject, lines] = hasAccount ? letterToOwner(asked) : letterToStranger(asked);
  const foot = 'The link works once, for an hour. If you did not ask for it, ignore this letter: nothing has changed.';
  return { to: email, subject, text: [...lines, '', link, '', foot, '', 'Kontor'].join('\n') };
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
