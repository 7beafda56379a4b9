/** The supervising process tells the size of its groups, as it is when it is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from './free-port.ts';
import { serveClusterMetrics } from './metrics-server.ts';
import type { GroupRow } from './scaled-group.ts';

test('the metrics of the cluster say how many instances a group wants and has', async (t) => {
  const group = (running: number, load?: GroupRow['load']): GroupRow => ({ name: 'flights-web', min: 2, max: 6, wanted: 3, running, load });
  let groups = [group(2)];
  const { address, close } = await serveClusterMetrics(await freePort(), () => groups);
  t.after(close);
  const lines = async () => (await (await fetch(`${address}/metrics`)).text()).split('\n').filter((line) => line.startsWith('cluster_'));
  const name = (what: string, value: number) => `cluster_group_${what}{group="flights-web"} ${value}`;
  const range = [name('instances_min', 2), name('instances_max', 6)];
  assert.deepEqual(
    (await lines()).toSorted(),
    [...range, name('instances', 2), name('instances_wanted', 3), name('cores', 0), name('requests_in_flight', 0)].toSorted(),
  );
  groups = [group(3, { cores: 1.5, requestsInFlight: 12 })];
  const later = await lines();
  for (const line of [name('instances', 3), name('cores', 1.5), name('requests_in_flight', 12)]) assert.ok(later.includes(line), line);
  assert.equal((await fetch(`${address}/other`)).status, 404);
});
