/** Holds `batches:CODE` to its promise: every closed batch once, in order, from wherever a client stands. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { silentLog } from '#testkit/log.ts';
import { until } from '#testkit/until.ts';
import type { Batch, Results } from '../../ports/results.ts';
import { batchAt, openTape } from '../../testing/stocks-tape.ts';
import type { ServerMessage } from '../live-protocol.ts';
import type { BatchView } from '../schemas.ts';
import { MarketView } from '../view/view.ts';
import { BatchesChannel, maxBatchesPerDelta, snapshotBatches } from './batches-channel.ts';
import type { Place } from './channel.ts';

async function openChannel(t: TestContext, change: (results: Results) => Results = (results) => results) {
  const tape = await openTape(t, { flowing: false });
  const results = change(tape.results);
  const view = new MarketView({
    results: tape.results,
    clock: tape.clock,
    log: silentLog(),
    readSimulated: async () => new Set<string>(),
    expected: [],
  });
  const open = () => new BatchesChannel({ company: 'MSFT', view, results, clock: tape.clock, log: silentLog() });
  return { ...tape, view, open };
}

async function closeBatches(tape: Awaited<ReturnType<typeof openChannel>>, count: number): Promise<void> {
  await tape.trade('MSFT', Array.from({ length: count }, () => batchAt(100)).flat());
  await tape.view.refresh();
}

/** What a client gets that asks until there is an answer. */
async function nextOf(channel: BatchesChannel, place: Place | undefined) {
  const step = await until(() => channel.next(place), { describe: `a step from ${place?.pos}` });
  return { ...step, message: JSON.parse(step.frame.toString()) as ServerMessage };
}

function numbersIn(message: ServerMessage): number[] {
  assert.ok(message.type === 'snap' || message.type === 'delta');
  const batches = (message.type === 'snap' ? message.state : message.changed) as readonly BatchView[];
  return batches.map((batch) => batch.number);
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('a new client gets the newest batches, then each one that closes', async (t) => {
  const world = await openChannel(t);
  await closeBatches(world, snapshotBatches + 7);
  const channel = world.open();
  const snap = await nextOf(channel, undefined);
  assert.equal(snap.message.type, 'snap');
  assert.deepEqual(numbersIn(snap.message), range(8, 57));
  assert.equal(snap.place.pos, 57);
  assert.equal(channel.next(snap.place), undefined, 'nothing new');

  await closeBatches(world, 2);
  const delta = await nextOf(channel, snap.place);
  assert.deepEqual({ type: delta.message.type, numbers: numbersIn(delta.message) }, { type: 'delta', numbers: [58, 59] });
  assert.equal(channel.next(snap.place)?.frame, delta.frame, 'serialised once for all who stand at the same place');
});

test('before the first batch closes there is an empty snapshot', async (t) => {
  const world = await openChannel(t);
  await world.view.refresh();
  const channel = world.open();
  const snap = await nextOf(channel, undefined);
  assert.deepEqual([numbersIn(snap.message), snap.place.pos], [[], 0]);
  await closeBatches(world, 1);
  assert.deepEqual(numbersIn((await nextOf(channel, snap.place)).message), [1]);
});

test('however far back a client is, it gets every batch once and in order', async (t) => {
  const world = await openChannel(t);
  await closeBatches(world, 1_700);
  const channel = world.open();
  const early = await nextOf(channel, undefined);
  assert.equal(early.place.pos, 1_700);
  const { epoch } = early.place;

  const seen: number[] = [];
  let place: Place = { epoch, pos: 0, revision: 0 };
  while (place.pos < 1_900) {
    // Batches keep closing while it catches up.
    if (place.pos === 1_000) await closeBatches(world, 200);
    const step = await nextOf(channel, place);
    assert.ok(step.message.type === 'delta' && step.message.base === place.pos && step.message.pos === step.place.pos);
    assert.ok(numbersIn(step.message).length <= maxBatchesPerDelta);
    assert.equal(step.more, step.place.pos < world.view.batches('MSFT'));
    seen.push(...numbersIn(step.message));
    place = step.place;
  }
  assert.deepEqual(seen, range(1, 1_900));
});

test('a client from before what retention kept, or of another epoch, gets a snapshot', async (t) => {
  const world = await openChannel(t, (results) =>
    Object.create(results, {
      newestBatches: { value: (company: string, limit: number) => results.newestBatches(company, limit) },
      batchesAfter: {
        value: async (company: string, after: number, limit: number): Promise<readonly Batch[]> =>
          (await results.batchesAfter(company, after, limit + 20)).filter((batch) => batch.number > 20).slice(0, limit),
      },
    }),
  );
  await closeBatches(world, 100);
  const channel = world.open();
  const { place } = await nextOf(channel, undefined);
  assert.equal((await nextOf(channel, { ...place, pos: 5 })).message.type, 'snap');
  assert.equal((await nextOf(channel, { ...place, pos: 20 })).message.type, 'delta');
  assert.equal((await nextOf(channel, { epoch: 'another', pos: 99, revision: 0 })).message.type, 'snap');
});

test('a client that was further on another instance waits for this one', async (t) => {
  const world = await openChannel(t);
  const channel = world.open();
  assert.equal(channel.resume({ epoch: 'unknown yet', pos: 1 }), 'later', 'before the first load nobody is sent back');
  await closeBatches(world, 3);
  const { epoch } = (await nextOf(channel, undefined)).place;
  assert.equal(channel.resume({ epoch, pos: 4 }), 'later');
  assert.equal(channel.resume({ epoch: 'another', pos: 1 }), undefined);
  await closeBatches(world, 1);
  assert.deepEqual(channel.resume({ epoch, pos: 4 }), { epoch, pos: 4, revision: 0 });
});

test('a failed read is tried again, after a pause', async (t) => {
  let failures = 0;
  const world = await openChannel(t, (results) =>
    Object.create(results, {
      newestBatches: {
        value: (company: string, limit: number) =>
          failures++ === 0 ? Promise.reject(new Error('the disk is gone')) : results.newestBatches(company, limit),
      },
    }),
  );
  await closeBatches(world, 1);
  const channel = world.open();
  channel.next(undefined);
  await until(() => failures === 1, { describe: 'the first read' });
  await world.clock.advance(500);
  for (let asked = 0; asked < 10; asked += 1) channel.next(undefined);
  assert.equal(failures, 1, 'not before the pause is over');
  await world.clock.advance(1_000);
  assert.deepEqual(numbersIn((await nextOf(channel, undefined)).message), [1]);
});
