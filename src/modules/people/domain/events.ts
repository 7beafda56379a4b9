/** What the audit trail tells of. */

export const eventKinds = [
  'account-opened',
  'logged-in',
  'login-refused',
  'logged-out',
  'session-revoked',
  'letter-asked',
  'password-changed',
  'email-change-asked',
  'email-changed',
  'password-reset',
  'second-factor-on',
  'second-factor-off',
  'recovery-codes-made',
  'recovery-code-used',
  'access-token-made',
  'access-token-revoked',
  'account-closed',
  'role-changed',
  'account-locked',
  'account-unlocked',
  'signing-key-made',
] as const;
export type EventKind = (typeof eventKinds)[number];

export interface SecurityEvent {
  readonly id: string;
  readonly at: number;
  /** Null where no account is concerned, as by a login with an unknown address. */
  readonly accountId: string | null;
  readonly kind: EventKind;
  /** The network address that it came from, or `kontor` for a command. */
  readonly address: string;
  /** A few words, such as the name of a token or who did it; never a secret. */
  readonly detail: string;
}
