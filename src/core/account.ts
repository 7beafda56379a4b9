/** Accounts as the other modules see them, and the credentials of a request. */

export const roles = ['member', 'admin'] as const;
export type AccountRole = (typeof roles)[number];

export interface Account {
  /** 32 hex characters; never reused. */
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
}

/** What an access token permits: `read` reads, `write` changes, `admin` also permits what needs the role admin. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** The secret of a session's cookie, or a personal access token. */
export type Credentials = { readonly kind: 'session' | 'access-token'; readonly secret: string };

export interface Identity {
  readonly account: Account;
  readonly kind: Credentials['kind'];
  /** The id of the session or access token, for lists and for revoking it. Not a secret. */
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** Undefined for credentials that are unknown, expired, revoked, or of a locked account. */
export type Identify = (credentials: Credentials) => Promise<Identity | undefined>;

const maxNameLength = 80;
const maxEmailLength = 254;

/** The normal form of an address; undefined when the text is not an address. */
export function plainEmail(text: string): string | undefined {
  const email = text.trim().normalize('NFKC').toLowerCase();
  return email.length <= maxEmailLength && /^[^\s\p{Cc}@<>"(),:;[\]\\]{1,64}@[^\s\p{Cc}@<>"(),:;[\]\\]{1,189}$/u.test(email)
    ? email
    : undefined;
}

/** The normal form of a name; undefined when it is empty, too long, or has control characters, which could forge the lines of a letter. */
export function plainName(text: string): string | undefined {
  const name = text.trim().normalize('NFC');
  return name !== '' && name.length <= maxNameLength && !/\p{Cc}/u.test(name) ? name : undefined;
}
