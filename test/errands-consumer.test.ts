/** The topic errands-results as other systems see it: from a delivered page through outbox, relay and stream to a consumer in Python. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { leaseMigrations } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import { relayRole } from '#core/relay.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { resultsTopic } from '#modules/errands/domain/settings.ts';
import { deliver } from '#modules/errands/testing/delivery-world.ts';
import { openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { tradesTopic } from '#modules/stocks/domain/settings.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';

const consumer = fileURLToPath(new URL('errands-consumer.py', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;

it('a consumer in Python counts every result once', { skip: python ? false : 'there is no python3' }, async (t) => {
  const state = await temporaryState(t, leaseMigrations);
  const world = await openErrandsWorld(state);
  const stream = await openSqliteStream({ ...temporaryFile(t), clock: realClock, holder: processHolder('test'), log: silentLog() });
  t.after(() => stream.close());
  for (const name of [resultsTopic, tradesTopic])
    await stream.declare({ name, keepMs: 60_000, keepBytes: 1_000_000, maxBacklogBytes: 10_000_000 });
  const common = { clock: realClock, random: seededRandom(5), log: silentLog(), metrics: silentMetrics() };
  const ports = { ...common, state, stream, holder: processHolder('test') } as unknown as Ports;
  const relay = await relayRole().start({ ports, fail: (error) => assert.fail(String(error)) });
  t.after(() => relay.stop());

  const orders = [];
  for (const name of ['anna', 'bert', 'cleo']) {
    await world.customer(name, 100);
    orders.push(await world.order(name, 100));
  }
  const bodies: Buffer[] = [];
  let records = 0;
  const reading = await stream.consume(resultsTopic, 'other-system', async ({ frames }) => {
    for (const { body, count } of frames) {
      bodies.push(Buffer.from(body));
      records += count;
    }
    return 'done';
  });
  t.after(() => reading.stop());
  for (let round = 1; round <= 5; round += 1) {
    for (const order of orders)
      await deliver(world, order, [
        { page: `page ${round}`, value: `value ${round}` },
        { page: 'other', value: `last ${round}` },
      ]);
  }
  await until(() => records === 30, { describe: () => `30 records, and not ${records}` });

  // The newest of each partition once more, as after a crash.
  const read = spawnSync('python3', [consumer], { input: Buffer.concat([...bodies, ...bodies.slice(-3)]), encoding: 'utf8' });
  assert.equal(read.stderr, '');
  assert.deepEqual(
    read.stdout.trimEnd().split('\n'),
    orders.map((order) => `${order} 10 last 5`),
  );
});
