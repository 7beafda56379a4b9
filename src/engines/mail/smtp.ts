/**
 * Mail over SMTP: letters are stored with their cause, and sending is retried until the server accepts them. A letter that was
 * sent but could not be deleted is sent again; its link still works only once.
 */
import { createTransport } from 'nodemailer';
import { backoffMs } from '#core/backoff.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import { keepMs, type MailTables, writeLetter } from './letters-table.ts';

export interface SmtpMailOptions extends Pick<Ports, 'state' | 'clock' | 'random' | 'log'> {
  /** `smtp://user:password@host:587`, which upgrades to TLS (STARTTLS), or `smtps://…`, which begins with TLS. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
}

/** Letters per call of `sendWaiting`. */
const maxAtOnce = 20;
const timeoutMs = 15_000;
const firstPauseMs = 5_000;
const longestPauseMs = 15 * 60_000;

export function openSmtpMail({ url, from, state, clock, random, log }: SmtpMailOptions): Mail {
  const server = new URL(url);
  const secure = server.protocol === 'smtps:';
  const port = server.port === '' ? (secure ? 465 : 587) : Number(server.port);
  const transport = createTransport({
    host: server.hostname,
    port,
    secure,
    // Letters hold links, and the login holds our password: only the loopback interface may carry them unencrypted.
    requireTLS: !/^(localhost|127\..*|\[::1\])$/.test(server.hostname),
    ...(server.username === '' ? {} : { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });

  async function sendOne(letter: MailTables['mail_letter']): Promise<boolean> {
    try {
      await transport.sendMail({ from, to: letter.recipient, subject: letter.subject, text: letter.body });
    } catch (error) {
      await noteFailure(letter, error);
      return false;
    }
    await deleteLetter(letter);
    return true;
  }

  async function noteFailure(letter: MailTables['mail_letter'], error: unknown): Promise<void> {
    // A 5xx for the recipient is final; other refusals may be corrected on the server.
    if ((error as { code?: string }).code === 'EENVELOPE' && Number((error as { responseCode?: number }).responseCode) >= 500) {
      log.warn({ err: error, letterId: letter.id }, 'the server refused a letter permanently; it is deleted');
      return deleteLetter(letter);
    }
    const failures = letter.failures + 1;
    const pauseMs = backoffMs(failures, { firstMs: firstPauseMs, maxMs: longestPauseMs });
    if (failures === 1) log.warn({ err: error, letterId: letter.id }, 'a letter could not be sent; retrying for a day');
    await state.write(async (queries) => {
      const tables = queries.withTables<MailTables>();
      const next = { failures, send_at: clock.now() + pauseMs };
      await tables.updateTable('mail_letter').set(next).where('id', '=', letter.id).execute();
    });
  }

  async function deleteLetter({ id }: MailTables['mail_letter']): Promise<void> {
    await state.write(
      async (queries) => void (await queries.withTables<MailTables>().deleteFrom('mail_letter').where('id', '=', id).execute()),
    );
  }

  return {
    post: (queries, letter) => writeLetter(queries, { clock, random }, letter),
    async sendWaiting() {
      const now = clock.now();
      const letters = await state.read((queries) =>
        queries
          .withTables<MailTables>()
          .selectFrom('mail_letter')
          .selectAll()
          .where('send_at', '<=', now)
          .where('posted_at', '>=', now - keepMs)
          .orderBy('posted_at')
          .orderBy('id')
          .limit(maxAtOnce)
          .execute(),
      );
      let sent = 0;
      for (const letter of letters) if (await sendOne(letter)) sent += 1;
      return sent;
    },
  };
}
