/** The contract of the Inbox on a real RabbitMQ server. */
import { randomInt } from 'node:crypto';
import { describe } from 'node:test';
import { deadLetterQueue, openRabbitmqInbox } from '#modules/stocks/engines/inbox/rabbitmq.ts';
import { inboxContract } from '#modules/stocks/testing/contract/inbox.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { seededRandom } from '#testkit/random.ts';
import { startForeignPublisher } from './foreign-publisher.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('rabbitmq');

describe('RabbitMQ', { skip: server.skip }, () => {
  inboxContract('rabbitmq', {
    async open(t) {
      const queue = `INBOX${randomInt(1e6)}`;
      const sender = await startForeignPublisher(server.url);
      const inbox = openRabbitmqInbox({
        url: server.url,
        clock: manualClock({ flowing: true }),
        random: seededRandom(1),
        log: silentLog(),
      });
      t.after(async () => {
        await inbox.close();
        await sender.close();
      });
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
});
