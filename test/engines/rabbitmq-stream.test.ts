/** The contract of the Stream on a real RabbitMQ server, as far as a broker can keep it. */
import { describe } from 'node:test';
import { faultProxy } from '#cluster/fault-proxy.ts';
import { openRabbitmqStream } from '#engines/stream/rabbitmq.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { emptyRabbitmqPlace } from './rabbitmq-places.ts';
import { engineFor } from './require-engine.ts';

const limits = { publishTimeoutMs: 10_000, maxRetryMs: 1_000 };
const server = await engineFor('rabbitmq');

describe('RabbitMQ', { skip: server.skip }, () => {
  streamContract('rabbitmq', {
    limits,
    knowsEnd: false,
    keepsAcknowledged: false,
    async open(t) {
      const place = await emptyRabbitmqPlace();
      const proxy = await faultProxy({ targetPort: place.port });
      const closed = closing(t);
      t.after(async () => {
        await proxy.stop();
        await place.remove();
      });
      const clock = manualClock({ flowing: true });

      const open = async (url: string) =>
        closed(await openRabbitmqStream({ url, clock, holder: processHolder('one'), log: silentLog(), ...limits }));

      const stream = await open(place.url.replace(`:${place.port}`, `:${proxy.port}`));
      return {
        stream,
        clock,
        openSecond: () => open(place.url),
        async reopen() {
          await stream.close();
          return open(place.url);
        },
        // To RabbitMQ, a consumer without a connection is gone.
        presumeDead: () => proxy.cut(),
        victim: { module: import.meta.resolve('#engines/stream/rabbitmq.ts'), name: 'openRabbitmqStream', options: { url: place.url } },
      };
    },
  });
});
