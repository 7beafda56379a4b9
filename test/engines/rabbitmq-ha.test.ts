/** The nodes of a RabbitMQ cluster of three are killed one after another under load, leaders first: no frame is lost or counted twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Stream } from '#core/ports/stream.ts';
import { openRabbitmqStream } from '#engines/stream/rabbitmq.ts';
import { realClock } from '#house/real-clock.ts';
import { tape } from '#testkit/contracts/stream-world.ts';
import { numberedFrame, tally } from '#testkit/frames.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { onlyRetryable } from '#testkit/only-retryable.ts';
import { rounds } from '#testkit/rounds.ts';
import { until } from '#testkit/until.ts';
import { type OwnRabbitmq, ownRabbitmq } from './rabbitmq-server.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('rabbitmq');
const frameRecords = 10;
const recoveryTimeoutMs = 90_000;
type Node = OwnRabbitmq['nodes'][number];

describe('a RabbitMQ cluster of three', { skip, timeout: 1_200_000 }, () => {
  it('each node killed in turn, a leader of the queue where there is one: the others continue, and nothing is lost', async (t) => {
    const own = await ownRabbitmq(3);
    t.after(() => own.stop());
    const hosts = own.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const url = own.url.replace(/127\.0\.0\.1:\d+/, hosts);
    const options = { url, clock: realClock, holder: processHolder('ha'), log: silentLog(), maxRetryMs: 200, publishTimeoutMs: 30_000 };
    const stream = await openRabbitmqStream(options);
    t.after(() => stream.close());
    await stream.declare(tape);
    const count = tally();
    await stream.consume('tape', 'readers', async (delivery) => count.apply(delivery), { maxDeliveryBytes: 4_000 });
    const publisher = new Publisher(stream);
    const publishing = publisher.run();
    // `publishing` is awaited at the end.
    publishing.catch(() => {});

    const kills = new Map(own.nodes.map((node) => [node, 0]));
    const pauses: number[] = [];
    let leaders = 0;
    let down: Node | undefined;
    await rounds(t, { what: 'kills', seconds: 120, slowestRoundSeconds: 6 }, async () => {
      await down?.start();
      await publisher.publishedMore(100);
      // The statistics of a queue come some seconds after its election.
      const leader = await until(() => leaderOf(own.nodes), { describe: 'a leader of the queue' });
      const fewest = Math.min(...kills.values());
      const rested = own.nodes.filter((node) => kills.get(node) === fewest);
      const victim = rested.find(({ name }) => name === leader) ?? rested[0] ?? assert.fail('there are nodes');
      kills.set(victim, fewest + 1);
      if (victim.name === leader) leaders += 1;
      await victim.kill();
      down = victim;
      const pauseMs = await publisher.publishedMore(1);
      pauses.push(pauseMs);
      t.diagnostic(`${victim.name} killed${victim.name === leader ? ', the leader' : ''}: the next frame after ${Math.round(pauseMs)} ms`);
    });
    publisher.stopped = true;
    await publishing;
    await until(() => count.position === publisher.published * frameRecords, {
      timeoutMs: recoveryTimeoutMs,
      describe: () => `${publisher.published * frameRecords} records; ${count.position} were counted`,
    });
    assert.deepEqual(new Set(count.counted.values()), new Set([1]), 'each record once');
    assert.ok(leaders > 0, 'a leader was killed');
    const sorted = pauses.toSorted((one, other) => one - other).map(Math.round);
    t.diagnostic(`${publisher.published} frames, 0 lost, 0 counted twice; ${leaders} of ${pauses.length} killed nodes led the queue`);
    t.diagnostic(`a pause of ${sorted[0]} ms at least, ${sorted[sorted.length >> 1]} ms (median), ${sorted.at(-1)} ms at most`);
  });
});

/** Publishes frame after frame, each until it is confirmed. */
class Publisher {
  published = 0;
  stopped = false;
  readonly #stream: Stream;
  /** When the confirmed frames were first sent. */
  readonly #begunMs: number[] = [];

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      const begunMs = performance.now();
      try {
        await this.#stream.publish('tape', 'ACME', numberedFrame(1 + this.published * frameRecords, frameRecords));
      } catch (error) {
        onlyRetryable(error);
        continue;
      }
      this.published += 1;
      this.#begunMs.push(begunMs);
    }
  }

  /** Resolves when so many frames were sent after the call and confirmed; resolves the time that it took. */
  async publishedMore(more: number): Promise<number> {
    const fromMs = performance.now();
    const since = () => this.#begunMs.length - this.#begunMs.findLastIndex((begunMs) => begunMs < fromMs) - 1;
    await until(() => since() >= more, { timeoutMs: recoveryTimeoutMs, describe: () => `${more} frames; there were ${since()}` });
    return performance.now() - fromMs;
  }
}

/** The node that leads the queue of the tape, as one that runs sees it. */
async function leaderOf(nodes: readonly Node[]): Promise<string | undefined> {
  const { adminUrl } = nodes.find((node) => node.running()) ?? assert.fail('no node runs');
  const { origin, username, password } = new URL(adminUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`${origin}/api/queues`, { headers: { authorization }, signal: AbortSignal.timeout(10_000) });
  const queues = (await answer.json()) as readonly { name: string; leader?: string }[];
  return queues.find(({ name }) => name.includes('/tape/'))?.leader?.replace(/@.*/, '');
}
