/** The letters that this room writes. */
import type { Letter } from '#core/ports/mail.ts';
import type { MailToken } from '../store/entrance/mail-tokens.ts';

/** Paths of the browser app; the token stands behind the `#`, so that no server on the way logs it. */
const openPath = '/account/open#';
const resetPath = '/account/reset#';

export interface LetterRequest extends MailToken {
  readonly asked: 'sign-up' | 'reset';
  /** The house as people reach it, such as `https://kontor.example`. */
  readonly origin: string;
  readonly secret: string;
}

/** What it says follows from who has an account; that a letter comes does not. */
export function letterFor({ asked, personId, email, origin, secret }: LetterRequest): Letter {
  const [subject, lines] =
    personId === undefined
      ? letterToStranger(asked, `${origin}${openPath}${secret}`)
      : letterToPerson(asked, `${origin}${resetPath}${secret}`);
  const text = [...lines, '', 'The link works once, for an hour. If this was not you, nothing happens unless you open it.', '', 'Kontor'];
  return { to: email, subject, text: text.join('\n') };
}

function letterToStranger(asked: LetterRequest['asked'], link: string): [string, readonly string[]] {
  if (asked === 'sign-up') return ['Open your account', ['Welcome to Kontor. Choose a password, and your account is open:', '', link]];
  return [
    'There is no account with this address',
    ['Somebody asked for a new password, but there is no account with this address.', 'To open one, choose a password:', '', link],
  ];
}

function letterToPerson(asked: LetterRequest['asked'], link: string): [string, readonly string[]] {
  if (asked === 'reset') return ['Choose a new password', ['Choose a new password for your account:', '', link]];
  return [
    'You have an account already',
    ['Somebody wanted to open an account with this address, but you have one. Log in as usual,', 'or choose a new password:', '', link],
  ];
}
