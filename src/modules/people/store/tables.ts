/** The tables of accounts and of what belongs to them. */
import type { AccountRole } from '#core/account.ts';
import type { SealedColumn } from '#core/ports/secrets.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import type { EventKind } from '../domain/events.ts';
import { searchMigration } from './accounts/search.ts';

export type PeopleTables = {
  person: {
    id: string;
    email: string;
    name: string;
    role: AccountRole;
    password_hash: string;
    /** Null unless an admin locked the account. */
    locked_at: number | null;
    created_at: number;
  };
  person_session: {
    id: string;
    secret_hash: string;
    person_id: string;
    created_at: number;
    seen_at: number;
    ends_at: number;
    address: string;
    agent: string;
  };
  person_access_token: {
    id: string;
    secret_hash: string;
    person_id: string;
    name: string;
    /** Separated by spaces. */
    scopes: string;
    created_at: number;
    used_at: number | null;
    ends_at: number;
  };
  /** `confirmed_at` is null until the first code was right; codes of steps up to `last_step` are used up. */
  person_second_factor: { person_id: string; secret: string; confirmed_at: number | null; last_step: number };
  person_recovery_code: { person_id: string; code_hash: string };
  /** Of a link in a letter. Without a person it opens an account; with one it sets a new password. */
  person_mail_token: { secret_hash: string; person_id: string | null; email: string; name: string; ends_at: number };
  /** An address that waits for the link of its letter; at most one for each person. */
  person_email_change: { person_id: string; secret_hash: string; email: string; ends_at: number };
  person_attempts: { key: string; attempts: number; last_at: number; blocked_until: number };
  person_event: { id: string; at: number; person_id: string | null; kind: EventKind; address: string; detail: string };
  signing_key: { id: string; public_jwk: string; private_jwk: string; created_at: number };
};

export const factorSecrets: SealedColumn = { table: 'person_second_factor', key: 'person_id', column: 'secret' };
export const signingSecrets: SealedColumn = { table: 'signing_key', key: 'id', column: 'private_jwk' };

export const peopleMigrations: readonly Migration[] = [
  {
    id: 'people-001-accounts',
    async up(queries) {
      await createAccounts(queries);
      await createProofs(queries);
      await createTrail(queries);
    },
  },
  { id: 'people-002-email-change', up: createEmailChanges },
  searchMigration,
];

/** Accounts, and what a request is identified by. */
async function createAccounts(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('person')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('locked_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema
    .createTable('person_session')
    .addColumn('secret_hash', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .execute();
  await queries.schema.createIndex('person_session_by_person').on('person_session').columns(['person_id', 'created_at']).execute();
  await queries.schema.createIndex('person_session_by_end').on('person_session').column('ends_at').execute();
  await queries.schema
    .createTable('person_access_token')
    .addColumn('secret_hash', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema
    .createIndex('person_access_token_by_person')
    .on('person_access_token')
    .columns(['person_id', 'created_at'])
    .execute();
}

/** Second factors, and the links of letters. */
async function createProofs(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('person_second_factor')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('last_step', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema
    .createTable('person_recovery_code')
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('person_recovery_code_key', ['person_id', 'code_hash'])
    .execute();
  await queries.schema
    .createTable('person_mail_token')
    .addColumn('secret_hash', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text')
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema.createIndex('person_mail_token_by_email').on('person_mail_token').column('email').execute();
}

async function createEmailChanges(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('person_email_change')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('secret_hash', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
}

/** Attempts, the audit trail, and the keys of signed tokens. */
async function createTrail(queries: Queries): Promise<void> {
  await queries.schema
    .createTable('person_attempts')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('attempts', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('blocked_until', 'bigint', (column) => column.notNull())
    .execute();
  await queries.schema.createIndex('person_attempts_by_last').on('person_attempts').column('last_at').execute();
  await queries.schema
    .createTable('person_event')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('person_id', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .execute();
  await queries.schema.createIndex('person_event_by_time').on('person_event').columns(['at', 'id']).execute();
  await queries.schema.createIndex('person_event_by_person').on('person_event').columns(['person_id', 'at', 'id']).execute();
  await queries.schema
    .createTable('signing_key')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('public_jwk', 'text', (column) => column.notNull())
    .addColumn('private_jwk', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}
