/** The relay against a failing stream: no record lost or doubled, order kept. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { KontorError } from './errors.ts';
import { leaseMigrations } from './lease.ts';
import { appendToOutbox, outboxMigrations, waitingEntries } from './outbox.ts';
import type { Ports } from './ports/ports.ts';
import type { Random } from './ports/random.ts';
import type { State } from './ports/state.ts';
import type { Frame, PublishOutcome } from './ports/stream.ts';
import { type RelayOptions, relayRole } from './relay.ts';
import type { Service } from './role.ts';
import { seededRandom } from './seeded-random.ts';

/** A stream in memory that keeps the port's promises on `publish`, and fails on request. */
class TestStream {
  readonly records = new Map<string, string>();
  readonly frames: string[] = [];
  readonly outcomes: PublishOutcome[] = [];
  running = 0;
  mostRunning = 0;
  /** Called before and after a frame becomes durable; may throw. */
  trouble: (moment: 'before' | 'after', partition: string) => void = () => {};
  knowsEnd = true;

  async end(_topic: string, partition: string): Promise<number | undefined> {
    return this.knowsEnd ? (this.records.get(partition) ?? '').length : undefined;
  }

  async publish(_topic: string, partition: string, frame: Frame): Promise<PublishOutcome> {
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      this.trouble('before', partition);
      const outcome = this.#store(partition, frame);
      this.outcomes.push(outcome);
      this.trouble('after', partition);
      return outcome;
    } finally {
      this.running -= 1;
    }
  }

  #store(partition: string, frame: Frame): PublishOutcome {
    const stored = this.records.get(partition) ?? '';
    if (frame.first + frame.count - 1 <= stored.length) return 'duplicate';
    if (frame.first !== stored.length + 1) return 'gap';
    this.records.set(partition, stored + new TextDecoder().decode(frame.body));
    this.frames.push(partition);
    return 'published';
  }
}

interface World {
  readonly state: State;
  readonly stream: TestStream;
  append(partition: string, text: string): Promise<void>;
  startRelay(options?: RelayOptions, ports?: Partial<Ports>): Promise<{ service: Service<never>; failed: unknown[] }>;
}

async function openWorld(t: TestContext): Promise<World> {
  const clock = manualClock({ flowing: true });
  const state = await openSqliteState({ path: join(temporaryFolder(t), 'state.db'), clock, log: silentLog() });
  await state.migrate([...leaseMigrations, ...outboxMigrations]);
  const stream = new TestStream();
  const services: Service<never>[] = [];
  t.after(async () => {
    for (const service of services) await service.stop();
    await state.close();
  });
  return {
    state,
    stream,
    append: (partition, text) =>
      state.write((queries) =>
        appendToOutbox(queries, [{ topic: 'sales', partition, count: text.length, body: new TextEncoder().encode(text) }], clock.now()),
      ),
    async startRelay(options = {}, others = {}) {
      const failed: unknown[] = [];
      const ports = {
        state,
        stream,
        clock,
        random: seededRandom(1),
        holder: processHolder('relay'),
        log: silentLog(),
        metrics: silentMetrics(),
        ...others,
      };
      const role = relayRole({ firstRetryMs: 1, maxRetryMs: 5, ...options });
      const service = await role.start({ ports: ports as unknown as Ports, fail: (error) => failed.push(error) });
      services.push(service);
      return { service, failed };
    },
  };
}

const emptied = ({ state }: World) => until(async () => (await state.read(waitingEntries)) === 0, { describe: 'an empty outbox' });

describe('relay', () => {
  it('publishes waiting entries and those added while it runs, in order', async (t) => {
    const world = await openWorld(t);
    await world.append('ACME', 'ab');
    await world.append('ACME', 'cd');
    const { service } = await world.startRelay();
    await emptied(world);
    await world.append('ACME', 'ef');
    await world.append('OTHR', 'x');
    await emptied(world);
    assert.deepEqual(Object.fromEntries(world.stream.records), { ACME: 'abcdef', OTHR: 'x' });
    assert.deepEqual(service.status(), { ready: true, says: 'active' });
  });

  it('joins small entries into larger frames, within the limit', async (t) => {
    const world = await openWorld(t);
    for (let index = 0; index < 10; index += 1) await world.append('ACME', String(index).repeat(30));
    await world.startRelay({ maxFrameBytes: 100 });
    await emptied(world);
    assert.equal(world.stream.frames.length, 4);
    assert.equal(world.stream.records.get('ACME')?.length, 300);
  });

  for (const knowsEnd of [true, false]) {
    it(`loses and doubles nothing when publishing fails before or after the frame was durable (end ${knowsEnd ? 'known' : 'unknown'})`, async (t) => {
      const world = await openWorld(t);
      const random: Random = seededRandom(20_26);
      world.stream.knowsEnd = knowsEnd;
      world.stream.trouble = () => {
        if (random.float() < 0.4) throw new KontorError('unavailable', 'the stream is cut off');
      };
      await world.startRelay({ maxFrameBytes: 4 });
      const expected: Record<string, string> = { A: '', B: '', C: '' };
      for (let index = 0; index < 60; index += 1) {
        const partition = 'ABC'[random.int(3)] ?? 'A';
        const text = String.fromCharCode(97 + (index % 26)).repeat(1 + random.int(3));
        expected[partition] += text;
        await world.append(partition, text);
      }
      await emptied(world);
      assert.deepEqual(Object.fromEntries([...world.stream.records].sort()), expected);
      assert.ok(world.stream.outcomes.includes('duplicate'), 'some frame was published again');
    });
  }

  it('loses and doubles nothing when the State fails after the frame was published', async (t) => {
    const world = await openWorld(t);
    let fails = 3;
    const state: State = Object.create(world.state, {
      write: {
        value: (work: Parameters<State['write']>[0]) =>
          world.state.write(async (queries) => {
            const result = await work(queries);
            if (world.stream.frames.length > 0 && fails > 0) {
              fails -= 1;
              throw new KontorError('storage_full', 'the disk is full');
            }
            return result;
          }),
      },
    });
    for (const method of ['read', 'onChange'] as const)
      Object.defineProperty(state, method, { value: world.state[method].bind(world.state) });
    await world.append('ACME', 'abc');
    await world.startRelay({}, { state });
    await emptied(world);
    assert.equal(world.stream.records.get('ACME'), 'abc');
    assert.equal(fails, 0);
    assert.ok(world.stream.outcomes.includes('duplicate'));
  });

  it('reports what it cannot publish, continues with other partitions, and recovers', async (t) => {
    const world = await openWorld(t);
    let broken = true;
    world.stream.trouble = (_moment, partition) => {
      if (broken && partition === 'ACME') throw new KontorError('unavailable', 'the queue is gone');
    };
    await world.append('ACME', 'a');
    await world.append('OTHR', 'o');
    const { service } = await world.startRelay();
    await until(() => !service.status().ready && world.stream.records.get('OTHR') === 'o', { describe: 'a status that names the failure' });
    assert.equal(service.status().says, 'trying again sales/ACME: the queue is gone');
    broken = false;
    await emptied(world);
    await until(() => service.status().ready, { describe: 'a ready relay' });
  });

  it('stays ready while it waits for a full partition', async (t) => {
    const world = await openWorld(t);
    world.stream.trouble = () => {
      throw new KontorError('overloaded', 'the backlog is full');
    };
    await world.append('ACME', 'a');
    const { service } = await world.startRelay();
    await until(() => service.status().says !== 'active' && service.status().says !== 'standing by', {
      describe: 'a status that names the wait',
    });
    assert.deepEqual(service.status(), { ready: true, says: 'waiting for sales/ACME: the backlog is full' });
  });

  it('stops at records that the stream has lost', async (t) => {
    const world = await openWorld(t);
    await world.append('ACME', 'abc');
    const { service } = await world.startRelay();
    await emptied(world);
    world.stream.records.set('ACME', 'a');
    await world.append('ACME', 'd');
    await until(() => !service.status().ready, { describe: 'a status that names the gap' });
    assert.match(service.status().says, /ends at 1, and the outbox continues at 4/);
    assert.equal(world.stream.records.get('ACME'), 'a');
    assert.equal(await world.state.read(waitingEntries), 1);
  });

  it('bounds how many partitions it publishes concurrently', async (t) => {
    const world = await openWorld(t);
    for (let index = 0; index < 40; index += 1) await world.append(`P${index}`, 'x');
    await world.startRelay({ maxConcurrent: 3 });
    await emptied(world);
    assert.equal(world.stream.mostRunning, 3);
  });

  it('is active once: a second one stands by, and takes over when the first stops', async (t) => {
    const world = await openWorld(t);
    const first = await world.startRelay();
    await until(() => first.service.status().says === 'active', { describe: 'an active relay' });
    const holder = processHolder('second');
    const second = await world.startRelay({}, { holder });
    assert.deepEqual(second.service.status(), { ready: true, says: 'standing by' });
    await first.service.stop();
    await world.append('ACME', 'a');
    await emptied(world);
    assert.equal(second.service.status().says, 'active');
  });
});
