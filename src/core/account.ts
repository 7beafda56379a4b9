/** Who somebody is to the rest of the house, and what a request may bring to show it. */

export const roles = ['member', 'admin'] as const;
export type AccountRole = (typeof roles)[number];

export interface Account {
  /** 32 hex characters; never used again for somebody else. */
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
}

/**
 * What an access token may do: `read` looks, `write` changes, `admin` also does what needs the role admin, and `trades`
 * puts trades on the tape, and nothing else.
 */
export const scopes = ['read', 'write', 'admin', 'trades'] as const;
export type Scope = (typeof scopes)[number];
/** Only an admin may make a token with one of these. */
export const adminScopes: readonly Scope[] = ['admin', 'trades'];

/** What a request shows of itself: the secret of a session's cookie, or a personal access token. */
export type Credentials = { readonly kind: 'session' | 'access-token'; readonly secret: string };

export interface Identity {
  readonly account: Account;
  readonly kind: Credentials['kind'];
  /** Of the session or the access token: for lists, and to revoke it; no secret. */
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** Undefined for credentials that nobody has, or that are over, revoked, or of a locked account. */
export type Identify = (credentials: Credentials) => Promise<Identity | undefined>;

export const maxNameLength = 80;
export const maxEmailLength = 254;

/** One form for every way to write an address, or undefined for what is none. */
export function plainEmail(text: string): string | undefined {
  const email = text.trim().normalize('NFKC').toLowerCase();
  return email.length <= maxEmailLength && /^[^\s\p{Cc}@<>"(),:;[\]\\]{1,64}@[^\s\p{Cc}@<>"(),:;[\]\\]{1,189}$/u.test(email)
    ? email
    : undefined;
}

/** Undefined for what nobody could be called: empty, too long, or with line breaks that would forge a letter. */
export function plainName(text: string): string | undefined {
  const name = text.trim().normalize('NFC');
  return name !== '' && name.length <= maxNameLength && !/\p{Cc}/u.test(name) ? name : undefined;
}
