/** Faults of a whole process: it asks for one, has it for some seconds, tells of it, and ends it by itself. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { ProcessFaultKind } from '#core/plugs.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { aheadMs, faultMs } from './cord.ts';
import { ProcessFaults } from './process-faults.ts';

/** A process whose cluster has this fault for it, and hears of it or not. */
async function open(t: TestContext, kind: ProcessFaultKind | null, { hears = true } = {}) {
  const told: string[] = [];
  const server = createServer(async (request, answer) => {
    let sent = '';
    for await (const chunk of request) sent += chunk;
    const fault = kind === null ? null : { id: 'one', kind };
    told.push(sent === '' ? 'asked' : JSON.parse(sent).report);
    answer.writeHead(sent === '' || hears ? 200 : 500).end(JSON.stringify({ fault }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const clock = manualClock();
  const control = `http://kontor:secret@127.0.0.1:${(server.address() as AddressInfo).port}/relay`;
  const faults = new ProcessFaults({ control, clock, log: silentLog() });
  t.after(() => faults.close());
  const state = faults.cord.state(await temporaryState(t, []));
  const hear = (count: number) => until(() => told.length >= count, { describe: `${count} requests; there are ${told}` });
  const writes = () => state.write(async () => 'written').catch((error: unknown) => error instanceof KontorError && error.code);
  const fault = async (count: number) => {
    faults.ask();
    await hear(count);
  };
  return { told, clock, faults, state, hear, writes, fault };
}

describe('the faults of a process', () => {
  it('a full disk: writes are refused for some seconds, and the cluster hears when that was met first', async (t) => {
    const { told, clock, state, hear, writes, fault } = await open(t, 'fill-process-disk');
    await fault(2);
    assert.deepEqual(told, ['asked', 'pulled'], 'nothing was written yet');
    assert.equal(await writes(), 'storage_full');
    assert.equal(await state.read(async () => 'read'), 'read');
    await hear(3);
    assert.equal(await writes(), 'storage_full');
    await until(() => clock.sleeping() === 1, { describe: 'the fault to last' });
    await clock.advance(faultMs);
    assert.equal(await writes(), 'written');
    assert.deepEqual(told, ['asked', 'pulled', 'noticed'], 'told once');
  });

  it('a cut: nothing is reached, not even by what belongs to no role', async (t) => {
    const { clock, state, writes, fault } = await open(t, 'cut-process');
    await fault(2);
    assert.equal(await writes(), 'unavailable');
    await assert.rejects(state.ping(), (error: unknown) => error instanceof KontorError && error.code === 'unavailable');
    await until(() => clock.sleeping() === 1, { describe: 'the fault to last' });
    await clock.advance(faultMs);
    await state.ping();
  });

  it('a wrong clock: only the time of day, and its end is counted by the right one', async (t) => {
    const { clock, faults, fault } = await open(t, 'set-process-clock');
    const own = faults.cord.clock(clock);
    await fault(2);
    assert.equal(own.now() - clock.now(), aheadMs);
    await until(() => clock.sleeping() === 1, { describe: 'the fault to last' });
    await clock.advance(faultMs - 1);
    assert.equal(own.now() - clock.now(), aheadMs);
    await clock.advance(1);
    assert.equal(own.now(), clock.now());
  });

  it('is over at once when the cluster does not hear that it began', async (t) => {
    const { faults, writes, fault } = await open(t, 'fill-process-disk', { hears: false });
    await fault(2);
    await until(() => !faults.cord.isPulled, { describe: 'the end of the fault' });
    assert.equal(await writes(), 'written');
  });

  it('is over when the process is asked to stop', async (t) => {
    const { faults, writes, fault } = await open(t, 'cut-process');
    await fault(2);
    await faults.close();
    assert.equal(await writes(), 'written');
    faults.ask();
    assert.equal(await writes(), 'written', 'it takes no other');
  });

  it('has none when the cluster has none for it, and asks again when it is told to', async (t) => {
    const { told, faults, writes, fault } = await open(t, null);
    await fault(1);
    await until(
      () => {
        faults.ask();
        return told.length >= 2;
      },
      { describe: 'the second question' },
    );
    assert.equal(await writes(), 'written');
  });
});
