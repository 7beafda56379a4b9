/** The cord of a role: what it reaches through engines that all share, and what is left of a run that is given up. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { Stream } from '#core/ports/stream.ts';
import { turn } from '#testkit/clock.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { Cord, stateOfCaller } from './cord.ts';

it('a dropped run leaves no consumer open, also when its stop hangs, and opens none', async () => {
  const open = new Set<string>();
  const counted = {
    ping: async () => {},
    async consume(topic: string) {
      open.add(topic);
      return { partitions: () => ['MSFT'], stop: async () => void open.delete(topic) };
    },
  } as unknown as Stream;
  const cord = new Cord();
  const stream = cord.stream(counted);
  const consume = (topic: string) => stream.consume(topic, 'group', async () => 'handled' as never);
  await consume('trades');
  const stopped = await consume('orders');
  await stopped.stop();
  assert.deepEqual([...open], ['trades']);
  assert.deepEqual(cord.partitions(), ['trades MSFT']);
  cord.drop();
  assert.deepEqual(cord.partitions(), []);
  await cord.close();
  await consume('late');
  assert.deepEqual([...open], []);
  cord.mend();
  await assert.rejects(stream.ping(), (error: unknown) => error instanceof KontorError && error.code === 'unavailable');
  assert.equal(cord.isPulled, true, 'its failures are not those of the house');
});

it('a full disk refuses what the role writes through an engine that all roles share, and nothing of others', async (t) => {
  const shared = stateOfCaller(await temporaryState(t));
  const write = async () => {
    await turn();
    return shared.write(async () => 'written');
  };
  const cord = new Cord();
  let met = 0;
  cord.pull('full-disk', () => {
    met += 1;
  });
  const isFull = (error: unknown) => error instanceof KontorError && error.code === 'storage_full';
  await assert.rejects(cord.run(write), isFull);
  assert.equal(await cord.run(() => shared.read(async () => 'read')), 'read');
  assert.equal(await new Cord().run(write), 'written');
  assert.equal(await write(), 'written');
  assert.equal(met, 1);
  cord.mend();
  assert.equal(await cord.run(write), 'written');
});
