/** The contract of the Stream on a real Kafka. */
import { describe } from 'node:test';
import { openKafkaStream } from '#engines/stream/kafka.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { streamContract } from '#testkit/contracts/stream.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { emptyKafkaPlace } from './kafka-places.ts';
import { engineFor } from './require-engine.ts';

const limits = { publishTimeoutMs: 10_000, maxRetryMs: 1_000 };
/** Longer than a busy machine stands still: only a consumer that is gone may lose its partitions. */
const sessionTimeoutMs = 6_000;
const server = await engineFor('kafka', 'alone');

describe('Kafka', { skip: server.skip }, () => {
  streamContract('kafka', {
    limits,
    knowsEnd: true,
    keepsAcknowledged: true,
    async open(t) {
      const { url, proxiedUrl, proxy } = await emptyKafkaPlace();
      const closed = closing(t);
      t.after(() => proxy.stop());
      const clock = manualClock({ flowing: true });
      const open = async (address: string) =>
        closed(await openKafkaStream({ url: address, clock, holder: processHolder('one'), log: silentLog(), sessionTimeoutMs, ...limits }));
      const stream = await open(proxiedUrl);
      return {
        stream,
        clock,
        openSecond: () => open(url),
        async reopen() {
          await stream.close();
          return open(url);
        },
        // To Kafka, a consumer without a connection is gone when its session ends.
        presumeDead: () => proxy.cut(),
        victim: { module: import.meta.resolve('#engines/stream/kafka.ts'), name: 'openKafkaStream', options: { url, sessionTimeoutMs } },
      };
    },
  });
});
