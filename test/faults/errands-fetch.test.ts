/** kill -9 of `kontor errands fetch`, again and again while results arrive, at another instance each time: no gap, no double. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { deliver, startFeedInstance, withdraw } from '#modules/errands/testing/delivery-world.ts';
import { openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { rounds } from '#testkit/rounds.ts';
import { temporaryFile } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { expectAllSaved, kill, startClient } from './errands-delivery-kills.ts';

async function openHouse(t: TestContext, repetitions: number) {
  const state = await temporaryState(t);
  const world = await openErrandsWorld(state);
  await world.customer('anna', repetitions);
  const order = await world.order('anna', repetitions);
  const instances = [await startFeedInstance(t, state), await startFeedInstance(t, state)];
  const folder = join(temporaryFile(t).path, '..', 'saved');
  let delivered = 0;
  const deliverMore = async (count: number) => {
    await deliver(
      world,
      order,
      Array.from({ length: count }, (_, index) => ({ page: `page ${delivered + index + 1}` })),
    );
    delivered += count;
  };
  const withdrawn: number[] = [];
  /** The newest result, as far as this one is told. */
  const withdrawLast = async () => {
    const number = (await world.orderRow(order)).results;
    await withdraw(world, order, [number]);
    withdrawn.push(number);
  };
  return { order, instances, folder, deliverMore, withdrawLast, withdrawn, delivered: () => delivered };
}

const startFetch = (t: TestContext, port: number, folder: string, ...flags: readonly string[]) =>
  startClient(t, folder, `http://127.0.0.1:${port}`, ...flags);

describe('kontor errands fetch', () => {
  it('saves every result once, however often it is killed', async (t) => {
    const { instances, folder, deliverMore, delivered, withdrawLast, withdrawn } = await openHouse(t, 100_000);
    const random = seededRandom(11);
    const size = () => (existsSync(join(folder, 'index.jsonl')) ? statSync(join(folder, 'index.jsonl')).size : 0);
    await rounds(t, { what: 'kills', seconds: 3, slowestRoundSeconds: 3 }, async (round) => {
      const { child, said } = startFetch(t, instances[round % 2]?.port ?? assert.fail(), folder);
      const before = size();
      const more = random.int(3_000);
      // Killed somewhere in the middle of what it saves then.
      const grown = until(() => size() > before + more, { describe: () => `the index to grow; it said ${said()}` });
      for (let count = 0; count < 3; count += 1) {
        await deliverMore(1 + random.int(20));
        await withdrawLast();
      }
      await grown;
      await kill(child);
    });
    const last = startFetch(t, instances[0]?.port ?? assert.fail(), folder, '--once');
    const [code] = await once(last.child, 'close');
    assert.equal(code, 0, last.said());
    expectAllSaved(folder, delivered(), withdrawn);
  });

  it('goes on after a line that was cut off and when its instance stops, refuses a folder of another order, and stops in order', async (t) => {
    const { instances, folder, order, deliverMore } = await openHouse(t, 10);
    const [one, other] = [instances[0] ?? assert.fail(), instances[1] ?? assert.fail()];
    const { port } = one;
    await deliverMore(2);
    await once(startFetch(t, port, folder, '--once').child, 'close');
    writeFileSync(join(folder, 'index.jsonl'), '{"order":"cut of', { flag: 'a' });
    const { child, said } = startClient(t, folder, `http://127.0.0.1:${port},http://127.0.0.1:${other.port}`);
    const lines = () => readFileSync(join(folder, 'index.jsonl'), 'utf8').split('\n').length - 2;
    await deliverMore(2);
    await until(() => lines() === 4, { describe: 'four lines and the first' });
    // While it runs, its instance goes away: it goes on at the other one.
    one.drainFeed();
    await one.stop();
    await deliverMore(2);
    await until(() => lines() === 6, { describe: () => `two lines from the other instance; it said ${said()}` });
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.match(said(), /4 results saved/);
    expectAllSaved(folder, 6);
    const refused = startFetch(t, other.port, folder, '--once', '--order', order);
    assert.equal((await once(refused.child, 'close'))[0], 2);
    assert.match(refused.said(), /the folder has results of all orders/);
  });
});
