/** The Kafka Stream when brokers, the network or all of it fail: nothing is lost, order is kept, and it recovers by itself. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type FaultProxy, faultProxy } from '#cluster/fault-proxy.ts';
import { KontorError } from '#core/errors.ts';
import type { Stream } from '#core/ports/stream.ts';
import { openKafkaStream } from '#engines/stream/kafka.ts';
import { realClock } from '#house/real-clock.ts';
import { tape } from '#testkit/contracts/stream-world.ts';
import { numberedFrame, type Tally, tally } from '#testkit/frames.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { onlyRetryable } from '#testkit/only-retryable.ts';
import { rounds } from '#testkit/rounds.ts';
import { until } from '#testkit/until.ts';
import { type KafkaNode, type KafkaServer, startKafka } from '../../tools/engines/kafka.ts';
import { enginesFolder } from '../../tools/engines/place.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('kafka');
const partitions = ['A', 'B', 'C'];
const recoveryLimitMs = 90_000;
const publishTimeoutMs = 40_000;

describe('Kafka, three nodes', { skip, timeout: 400_000 }, () => {
  const softwareFolder = enginesFolder();
  const folder = path.join(softwareFolder, `test-kafka-${process.pid}`);
  const streams: Stream[] = [];
  let server: KafkaServer;
  let proxies: readonly FaultProxy[];
  let places = 0;

  before(async () => {
    server = await startKafka({ folder, softwareFolder, nodes: 3 });
    proxies = await Promise.all(server.nodes.map(({ tunnel }) => faultProxy({ port: tunnel.proxyPort, targetPort: tunnel.targetPort })));
  });
  after(async () => {
    for (const proxy of proxies ?? []) await proxy.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function opened(t: TestContext, ports: readonly number[], timeoutMs = publishTimeoutMs): Promise<Stream> {
    places += 1;
    const url = `kafka://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/faults-${places}?replicas=3`;
    const options = { clock: realClock, holder: processHolder('fault'), log: silentLog(), patienceMs: recoveryLimitMs };
    const stream = await openKafkaStream({ url, ...options, maxRetryMs: 200, publishTimeoutMs: timeoutMs, sessionTimeoutMs: 6_000 });
    streams.push(stream);
    t.after(() => stream.close());
    return stream;
  }

  const nodePorts = () => server.nodes.map(({ port }) => port);

  it('a node that is killed under load and rejoins: nothing is lost, and the consumer goes on', async (t) => {
    const tapes = await underLoad(await opened(t, nodePorts()));
    await rounds(t, { what: 'kills', seconds: 10, slowestRoundSeconds: 60 }, async (kill) => {
      const node = server.nodes[kill % server.nodes.length] as KafkaNode;
      await node.kill();
      await tapes.goOn(`without ${node.name}`);
      await node.start();
      await tapes.goOn(`with ${node.name} again`);
    });
    await tapes.endWhole();
  });

  it('a cut network, and one that swallows everything: publishers and consumers go on afterwards', async (t) => {
    const tapes = await underLoad(
      await opened(
        t,
        proxies.map(({ port }) => port),
      ),
    );
    for (const proxy of proxies) proxy.cut();
    await tapes.standStill();
    for (const proxy of proxies) proxy.resume();
    await tapes.goOn('after the cut');
    for (const proxy of proxies) proxy.blackHole();
    await tapes.standStill();
    for (const proxy of proxies) proxy.resume();
    await tapes.goOn('after the silence');
    await tapes.endWhole();
  });

  it('a restart of all nodes loses nothing; meanwhile publishing is refused in time, not hung', async (t) => {
    const impatient = await opened(t, nodePorts(), 2_000);
    await impatient.declare(tape);
    // On a busy machine, making the partition takes longer than this patience.
    const isPublished = () => impatient.publish('tape', 'A', numberedFrame(1, 1)).then(() => true, onlyRetryable);
    await until(isPublished, { describe: 'the first frame', timeoutMs: recoveryLimitMs });
    const tapes = await underLoad(await opened(t, nodePorts()));
    await Promise.all(server.nodes.map((node) => node.kill()));
    const refused = await until(
      impatient.publish('tape', 'A', numberedFrame(2, 1)).catch((error: unknown) => error),
      {
        describe: 'the refusal',
      },
    );
    assert.ok(refused instanceof KontorError && refused.retryable, String(refused));
    await assert.rejects(until(impatient.ping(), { describe: 'the ping' }), (error) => error instanceof KontorError && error.retryable);
    await Promise.all(server.nodes.map((node) => node.start()));
    await tapes.goOn('after the restart of all');
    await tapes.endWhole();
  });
});

interface Tapes {
  /** Waits until each partition has moved on. */
  goOn(when: string): Promise<void>;
  /** Waits until nothing was consumed for a moment. */
  standStill(): Promise<void>;
  /** Stops publishing, and asserts that every published record was counted once. */
  endWhole(): Promise<void>;
}

/** Publishes frame after frame to each partition, retrying as publishers do, and counts what the one consumer gets. */
async function underLoad(stream: Stream): Promise<Tapes> {
  await stream.declare(tape);
  const counts = new Map<string, Tally>(partitions.map((partition) => [partition, tally()]));
  const published = new Map<string, number>();
  let ending = false;
  await stream.consume('tape', 'readers', async (delivery) => counts.get(delivery.partition)?.apply(delivery) ?? 'reread');
  const loads = partitions.map(async (partition) => {
    for (let frame = 0; !ending; ) {
      try {
        await stream.publish('tape', partition, numberedFrame(1 + frame * 10, 10));
        frame += 1;
        published.set(partition, frame * 10);
      } catch (error) {
        onlyRetryable(error);
      }
      await realClock.sleep(1);
    }
  });
  const positions = () => partitions.map((partition) => counts.get(partition)?.position ?? 0);
  const tapes: Tapes = {
    async goOn(when) {
      const from = positions();
      await until(() => positions().every((position, index) => position > (from[index] ?? 0) + 100), {
        timeoutMs: recoveryLimitMs,
        describe: () => `the tape to go on ${when}; from ${from} to ${positions()}`,
      });
    },
    async standStill() {
      await until(
        async () => {
          const from = positions();
          await realClock.sleep(500);
          return positions().every((position, index) => position === from[index]);
        },
        { timeoutMs: recoveryLimitMs, describe: 'the tape to stand still' },
      );
    },
    async endWhole() {
      ending = true;
      await Promise.all(loads);
      const ends = partitions.map((partition) => published.get(partition) ?? 0);
      await until(() => positions().every((position, index) => position >= (ends[index] ?? 0)), {
        timeoutMs: recoveryLimitMs,
        describe: () => `the last records ${ends}; at ${positions()}`,
      });
      for (const partition of partitions) {
        const counted = counts.get(partition)?.counted ?? new Map();
        assert.deepEqual(new Set(counted.values()), new Set([1]), `each record of ${partition} is counted once`);
        assert.equal(counted.size, counts.get(partition)?.position, `no record of ${partition} is missing`);
      }
    },
  };
  await tapes.goOn('at all');
  return tapes;
}
