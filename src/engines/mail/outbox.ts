/** Mail kept in the State, for the letters page of a demonstration. */
import type { KeptLetter, Mail } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import { keepMs, type MailTables, writeLetter } from './letters-table.ts';

export function openOutboxMail({ clock, random }: Pick<Ports, 'clock' | 'random'>): Mail {
  return {
    post: (queries, letter) => writeLetter(queries, { clock, random }, letter),
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
