/** Mail that stays in the house: letters are kept in the State, for a demonstration's page to show. */
import type { KeptLetter, Mail } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Migration } from '#core/ports/state.ts';

type MailTables = {
  mail_letter: { id: string; posted_at: number; recipient: string; subject: string; body: string };
};

export const outboxMailMigrations: readonly Migration[] = [
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
];

/** Letters hold links that prove who somebody is: none is kept longer than it is of use. */
const keepMs = 86_400_000;
const maxLetters = 1_000;

export function openOutboxMail({ clock, random }: Pick<Ports, 'clock' | 'random'>): Mail {
  return {
    async post(queries, { to, subject, text }) {
      const tables = queries.withTables<MailTables>();
      const now = clock.now();
      await tables.insertInto('mail_letter').values({ id: random.id(), posted_at: now, recipient: to, subject, body: text }).execute();
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
    },
    async kept(queries, limit): Promise<readonly KeptLetter[]> {
      const rows = await queries
        .withTables<MailTables>()
        .selectFrom('mail_letter')
        .selectAll()
        .where('posted_at', '>=', clock.now() - keepMs)
        .orderBy('posted_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ id: row.id, postedAt: row.posted_at, to: row.recipient, subject: row.subject, text: row.body }));
    },
  };
}
