/** What the house knows of an account, and how a request proves whose it is. */

export const roles = ['member', 'admin'] as const;
export type AccountRole = (typeof roles)[number];

export interface Account {
  /** 32 hex characters; never used again for another account. */
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
/** Only admins have these. */
const adminScopes: readonly Scope[] = ['admin', 'trades'];

/** The most that an account of this role can do, in a session or by a token. */
export function scopesOfRole(role: AccountRole): readonly Scope[] {
  return role === 'admin' ? scopes : scopes.filter((scope) => !adminScopes.includes(scope));
}

/** What a request is identified by: the secret in the cookie of a session, or a personal access token. */
export type Credentials = { readonly kind: 'session' | 'access-token'; readonly secret: string };

export interface Identity {
  readonly account: Account;
  readonly kind: Credentials['kind'];
  /** Of the session or the access token, for lists and to revoke it; not secret. */
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** Undefined for credentials that are unknown, expired or revoked, or of a locked account. */
export type Identify = (credentials: Credentials) => Promise<Identity | undefined>;

const maxNameLength = 80;
const maxEmailLength = 254;

/** The form in which an e-mail address is stored; undefined for text that is none. */
export function plainEmail(text: string): string | undefined {
  const email = text.trim().normalize('NFKC').toLowerCase();
  return email.length <= maxEmailLength && /^[^\s\p{Cc}@<>"(),:;[\]\\]{1,64}@[^\s\p{Cc}@<>"(),:;[\]\\]{1,189}$/u.test(email)
    ? email
    : undefined;
}

/** Undefined for text that is no name: blank, too long, or with line breaks, which could forge a letter. */
export function plainName(text: string): string | undefined {
  const name = text.trim().normalize('NFC');
  return name !== '' && name.length <= maxNameLength && !/\p{Cc}/u.test(name) ? name : undefined;
}
