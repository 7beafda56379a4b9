/** FerretDB and its PostgreSQL, killed while results are stored: what was acknowledged is there, and counted once. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { until } from '#testkit/until.ts';
import { startFerretdb } from '../../tools/engines/ferretdb.ts';
import { enginesFolder } from '../../tools/engines/place.ts';
import { applyUpTo, assertBooks, mongodbWorld } from './mongodb-world.ts';
import { mongodbServers } from './require-engine.ts';

const ferretdb = (await mongodbServers()).find(({ name }) => name === 'FerretDB');
const end = 900;

it('loses nothing and counts nothing twice when FerretDB or its PostgreSQL is killed', { skip: ferretdb?.skip ?? false }, async (t) => {
  const softwareFolder = enginesFolder();
  const folder = path.join(softwareFolder, `test-ferretdb-${process.pid}`);
  const server = await startFerretdb({ folder, softwareFolder });
  const world = await mongodbWorld(t, server.url);
  // After the world has dropped its database: hooks run in order.
  t.after(async () => {
    await server.stop();
    await server.postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const results = await world.open({ pieceRows: 20, patienceMs: 60_000 });
  let reached = 0;
  const applying = (async () => {
    while (reached < end) {
      // Like an aggregator: FerretDB calls a PostgreSQL that is away an internal error, after which the position decides.
      const done = await applyUpTo(results, 'ACME', reached + 15).then(() => true, onlyFailures);
      if (done) reached += 15;
    }
  })();
  for (const [part, at] of [
    [server, 100],
    [server.postgres, 300],
    [server, 500],
    [server.postgres, 700],
  ] as const) {
    await until(() => reached >= at, { timeoutMs: 60_000, describe: () => `${at} trades; ${reached} are stored` });
    await part.kill();
    await part.start();
  }
  await applying;
  assert.equal((await results.load('ACME'))?.position, end);
  await results.prune({ batchesPerCompany: 1_000, barsMs: { '1s': Infinity, '1m': Infinity, '1h': Infinity } }, 0);
  await assertBooks(world, results, 'ACME', end);
});

function onlyFailures(error: unknown): false {
  if (!(error instanceof KontorError)) throw error;
  return false;
}
