/** A short drill of a cluster on a real PostgreSQL: processes and the server are killed and stopped, and their connections cut. */
import { it } from 'node:test';
import { shortDrill } from '../faults/drills.ts';
import { takeCluster } from './engine-use.ts';
import { engineFor } from './require-engine.ts';

takeCluster();
const servers = [await engineFor('nginx'), await engineFor('postgres')];
const skip = servers.map((server) => server.skip).find((reason) => reason !== false) ?? false;

it('a short drill of a cluster on PostgreSQL loses nothing and doubles nothing', { skip }, async (t) => {
  await shortDrill(t, { seconds: 20, limitMs: 480_000 }, ['--on', 'cluster', '--engines', 'postgres']);
});
