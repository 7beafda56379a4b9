/** The table of letters, which are stored with their cause and kept or sent from there. */
import type { Letter } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Migration, Queries } from '#core/ports/state.ts';

export type MailTables = {
  mail_letter: {
    id: string;
    posted_at: number;
    recipient: string;
    subject: string;
    body: string;
    /** How often sending it failed, and when to try again. */
    failures: number;
    send_at: number;
  };
};

export const mailMigrations: readonly Migration[] = [
  {
    id: 'mail-001-letters',
    async up(queries) {
      await queries.schema
        .createTable('mail_letter')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('posted_at', 'bigint', (column) => column.notNull())
        .addColumn('recipient', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .execute();
      await queries.schema.createIndex('mail_letter_by_time').on('mail_letter').columns(['posted_at', 'id']).execute();
    },
  },
  {
    id: 'mail-002-sending',
    async up(queries) {
      await queries.schema
        .alterTable('mail_letter')
        .addColumn('failures', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await queries.schema
        .alterTable('mail_letter')
        .addColumn('send_at', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
    },
  },
];

/** Letters hold links that authenticate: none is kept longer than it is useful. */
export const keepMs = 86_400_000;
const maxLetters = 1_000;

export async function writeLetter(
  queries: Queries,
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
  { to, subject, text }: Letter,
): Promise<void> {
  const tables = queries.withTables<MailTables>();
  const now = clock.now();
  const letter = { id: random.id(), posted_at: now, recipient: to, subject, body: text, failures: 0, send_at: now };
  await tables.insertInto('mail_letter').values(letter).execute();
  const beyond = tables
    .selectFrom('mail_letter')
    .select('posted_at')
    .orderBy('posted_at', 'desc')
    .orderBy('id', 'desc')
    .offset(maxLetters)
    .limit(1);
  await tables
    .deleteFrom('mail_letter')
    .where((where) => where.or([where('posted_at', '<', now - keepMs), where('posted_at', '<=', beyond)]))
    .execute();
}
