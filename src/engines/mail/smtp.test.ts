/** Letters over SMTP, with a server that answers as the test says. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { manualClock } from '#testkit/clock.ts';
import { recordingLog } from '#testkit/log.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { mailMigrations } from './letters-table.ts';
import { openSmtpMail } from './smtp.ts';

/** The part of RFC 5321 that the client needs; `answers` replaces the usual answer to a command. */
async function smtpServer(t: TestContext) {
  const server = { mails: [] as string[], answers: (_command: string): string | undefined => undefined, port: 0 };
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let inData = false;
    let pending = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      pending += chunk;
      for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        if (inData && line !== '.') server.mails.push(`${server.mails.pop() ?? ''}${line}\n`);
        else socket.write(`${answerTo(line)}\r\n`);
      }
    });
    function answerTo(line: string): string {
      if (inData) {
        inData = false;
        return '250 taken';
      }
      const unusual = server.answers(line);
      if (unusual !== undefined) return unusual;
      if (line !== 'DATA') return '250 fine';
      inData = true;
      server.mails.push('');
      return '354 go on';
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  server.port = (listener.address() as AddressInfo).port;
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return server;
}

async function openMail(t: TestContext) {
  const server = await smtpServer(t);
  const state = await temporaryState(t, mailMigrations);
  const clock = manualClock();
  const log = recordingLog();
  const url = `smtp://127.0.0.1:${server.port}`;
  const mail = openSmtpMail({ url, from: 'house@kontor.example', state, clock, random: seededRandom(1), log });
  const post = (subject: string) =>
    state.write((queries) => mail.post(queries, { to: 'ada@example.org', subject, text: 'Grüße\n.\nfrom the house' }));
  const send = async () => mail.sendWaiting?.();
  return { server, clock, log, post, send };
}

describe('letters over SMTP', () => {
  it('are sent once, whole, in order', async (t) => {
    const { server, clock, post, send } = await openMail(t);
    await post('first');
    clock.setNow(clock.now() + 1);
    await post('second');
    assert.equal(await send(), 2);
    assert.equal(await send(), 0);
    assert.deepEqual(
      server.mails.map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1]),
      ['first', 'second'],
    );
    assert.match(server.mails[0] ?? '', /^From: house@kontor\.example\nTo: ada@example\.org$/m);
    assert.match(server.mails[0] ?? '', /Gr=C3=BC=C3=9Fe\n\.\.\nfrom the house/);
  });

  it('are retried after growing pauses while the server fails', async (t) => {
    const { server, clock, log, post, send } = await openMail(t);
    await post('patient');
    server.answers = (line) => (line.startsWith('RCPT') ? '451 later' : undefined);
    let pauseMs = 5_000;
    for (let attempt = 0; attempt < 3; attempt++) {
      assert.equal(await send(), 0);
      clock.setNow(clock.now() + pauseMs - 1);
      server.answers = () => assert.fail('it must not be tried yet');
      assert.equal(await send(), 0);
      clock.setNow(clock.now() + 1);
      server.answers = (line) => (line.startsWith('RCPT') ? '451 later' : undefined);
      pauseMs *= 2;
    }
    server.answers = () => undefined;
    assert.equal(await send(), 1);
    assert.equal(log.entries.filter(({ level }) => level === 'warn').length, 1, 'said once, not each time');
  });

  it('are deleted when the server refuses the recipient permanently', async (t) => {
    const { server, clock, log, post, send } = await openMail(t);
    await post('unwanted');
    server.answers = (line) => (line.startsWith('RCPT') ? '550 nobody here' : undefined);
    assert.equal(await send(), 0);
    clock.setNow(clock.now() + 3_600_000);
    server.answers = () => undefined;
    assert.equal(await send(), 0);
    assert.match(log.entries[0]?.message ?? '', /refused a letter permanently/);
    assert.doesNotMatch(JSON.stringify(log.entries.map(({ message }) => message)), /Grüße/);
  });

  it('stay when no server answers', async (t) => {
    const { server, clock, post, send } = await openMail(t);
    await post('kept');
    server.answers = () => '421 closing';
    assert.equal(await send(), 0);
    clock.setNow(clock.now() + 60_000);
    server.answers = () => undefined;
    assert.equal(await send(), 1);
  });
});
