/**
 * Mail over SMTP: a letter is written down with its cause, and sent from there until the server has it. One that was sent and
 * could not be struck off is sent once more: the same letter, whose link works once all the same.
 */
import { createTransport } from 'nodemailer';
import type { Mail } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import { keepMs, type MailTables, writeLetter } from './letters-table.ts';

export interface SmtpMailOptions extends Pick<Ports, 'state' | 'clock' | 'random' | 'log'> {
  /** `smtp://user:password@host:587`, which is encrypted from the second line on, or `smtps://…`, from the first. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
}

/** Letters sent in one go. */
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
    // On this machine alone letters may travel in the clear: they hold links, and the line before them our password.
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
    await strikeOff(letter);
    return true;
  }

  async function noteFailure(letter: MailTables['mail_letter'], error: unknown): Promise<void> {
    // A server that says 5xx to the recipient will not change its mind; one that refuses us all may be set right.
    if ((error as { code?: string }).code === 'EENVELOPE' && Number((error as { responseCode?: number }).responseCode) >= 500) {
      log.warn({ err: error, letterId: letter.id }, 'a letter was refused for good, and is not sent again');
      return strikeOff(letter);
    }
    const failures = letter.failures + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 20));
    if (failures === 1) log.warn({ err: error, letterId: letter.id }, 'a letter could not be sent; it is tried again for a day');
    await state.write(async (queries) => {
      const tables = queries.withTables<MailTables>();
      const next = { failures, send_at: clock.now() + pauseMs };
      await tables.updateTable('mail_letter').set(next).where('id', '=', letter.id).execute();
    });
  }

  async function strikeOff({ id }: MailTables['mail_letter']): Promise<void> {
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
