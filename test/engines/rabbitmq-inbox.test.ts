/** The contract of the Inbox on a real RabbitMQ server. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { connect } from 'amqplib';
import { seededRandom } from '#core/seeded-random.ts';
import { deadLetterQueue, openRabbitmqInbox } from '#modules/stocks/engines/inbox/rabbitmq.ts';
import type { InboxQueue } from '#modules/stocks/ports/inbox.ts';
import { inboxContract } from '#modules/stocks/testing/contract/inbox.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { startForeignPublisher } from './foreign-publisher.ts';
import { emptyRabbitmqPlace } from './rabbitmq-places.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('rabbitmq');

describe('RabbitMQ', { skip: server.skip }, () => {
  inboxContract('rabbitmq', {
    async open(t) {
      const { inbox, sender, queue } = await openInbox(t);
      return {
        inbox,
        queue,
        async send(...bodies) {
          for (const body of bodies) await sender.sendRaw(queue, body);
        },
        async deadLetters() {
          const letters: (readonly [string, string])[] = [];
          for (;;) {
            const letter = await sender.takeOne(deadLetterQueue);
            if (letter === undefined) return letters;
            if (letter.headers['x-kontor-queue'] === queue) letters.push([letter.body, String(letter.headers['x-kontor-reason'])]);
          }
        },
      };
    },
  });

  it('leaves nobody a moment to slip in as a consumer of its queue', async (t) => {
    const { inbox, sender, queue, url } = await openInbox(t);
    const over = new AbortController();
    const onError = (error: unknown) => assert.fail(String(error));
    const work = async (served: InboxQueue) => {
      for (const text of ['1', '2']) {
        await refusesConsumers(url, queue);
        await sender.sendRaw(queue, text);
        const [message] = await served.take(0, over.signal);
        assert.equal(String(message?.body), text);
        await refusesConsumers(url, queue);
        await served.acknowledge();
      }
      await refusesConsumers(url, queue);
      over.abort();
    };
    await inbox.serve(queue, work, { maxTaken: 10, maxBodyBytes: 100, onError, signal: over.signal });
  });

  it('acknowledges those of a take, and no others that came meanwhile', async (t) => {
    const { inbox, sender, queue } = await openInbox(t);
    const over = new AbortController();
    const takes: string[] = [];
    const work = async (served: InboxQueue) => {
      if (takes.length === 0) await sender.sendRaw(queue, '1');
      takes.push((await served.take(0, over.signal)).map(({ body, redelivered }) => `${body}${redelivered ? ' again' : ''}`).join());
      if (takes.length === 2) over.abort();
      await sender.sendRaw(queue, '2');
      await served.acknowledge();
      throw new Error('it broke down here');
    };
    await inbox.serve(queue, work, { maxTaken: 10, maxBodyBytes: 100, onError() {}, signal: over.signal });
    assert.match(takes.join(' | '), /^1 \| 2( again)?$/);
  });

  it('limits dead letters in number and in bytes', async (t) => {
    const { inbox, sender, queue, url } = await openInbox(t);
    const over = new AbortController();
    await sender.sendRaw(queue, 'bad');
    const work = async (served: InboxQueue) => {
      const [message] = await served.take(0, over.signal);
      if (message) await served.putAside([{ message, reason: 'it is bad' }]);
      await served.acknowledge();
      over.abort();
    };
    await inbox.serve(queue, work, {
      maxTaken: 10,
      maxBodyBytes: 100,
      onError: (error) => assert.fail(String(error)),
      signal: over.signal,
    });
    const limits = { 'x-max-length': 100_000, 'x-max-length-bytes': 67_108_864, 'x-overflow': 'drop-head' };
    const connection = await connect(url);
    // Refused if it were declared in another way.
    await (await connection.createChannel()).assertQueue(deadLetterQueue, { durable: true, arguments: limits });
    await connection.close();
    await sender.takeOne(deadLetterQueue);
  });
});

async function openInbox(t: TestContext) {
  const queue = `INBOX${randomInt(1e6)}`;
  const { url, remove } = await emptyRabbitmqPlace();
  const sender = await startForeignPublisher(url);
  const inbox = openRabbitmqInbox({ url, clock: manualClock({ flowing: true }), random: seededRandom(1), log: silentLog() });
  t.after(async () => {
    await inbox.close();
    await sender.close();
    await remove();
  });
  return { inbox, sender, queue, url };
}

async function refusesConsumers(url: string, queue: string): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  await assert.rejects(
    channel.consume(queue, () => {}),
    { code: 403 },
  );
  await connection.close();
}
