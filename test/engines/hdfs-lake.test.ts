/** The Lake on a real HDFS: the contract of the port, a server that dies, and a NameNode that does not answer. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { faultProxy } from '#cluster/fault-proxy.ts';
import { openHdfsLake } from '#engines/lake/hdfs.ts';
import { lakeContract } from '#testkit/contracts/lake.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startHdfs } from '../../tools/engines/hdfs.ts';
import { placeOf } from '../../tools/engines.ts';
import { killTest, lakeBasics, ownFolder } from './lake-servers.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('hdfs', 'alone');

function open(t: TestContext, url = `${server.url}/${ownFolder()}`) {
  const lake = openHdfsLake({ url, ...lakeBasics(t) });
  t.after(() => lake.close());
  return lake;
}

describe('HDFS', { skip: server.skip }, () => {
  lakeContract('HDFS', {
    async open(t) {
      const url = `${server.url}/${ownFolder()}`;
      const options = { url, copiesFolder: temporaryFolder(t), maxCopiesBytes: 64 * 1024 * 1024 };
      return {
        lake: open(t, url),
        other: open(t, url),
        victim: { module: import.meta.resolve('#engines/lake/hdfs.ts'), name: 'openHdfsLake', options },
      };
    },
  });

  killTest(1, open, () => startHdfs(placeOf('hdfs')));

  it('a NameNode that is not there is passed over for the next', async (t) => {
    const dead = await faultProxy({ targetPort: 1 });
    t.after(() => dead.stop());
    dead.cut();
    const hosts = new URL(server.url.replace('hdfs:', 'http:')).host;
    const lake = open(t, `hdfs://kontor@127.0.0.1:${dead.port},${hosts}/lake/${ownFolder()}`);
    assert.equal(await lake.create('a/one.x', Buffer.from('x')), 'created');
    await lake.ping();
  });

  it('what a killed process left unfinished is removed', async (t) => {
    const folder = ownFolder();
    const basics = lakeBasics(t);
    const dead = lakeBasics(t).holder;
    const web = server.url.replace('hdfs://kontor@', 'http://').replace('/lake', `/webhdfs/v1/lake/${folder}`);
    const left = `${web}/.unfinished/${encodeURIComponent(`${encodeURIComponent(dead.id)}~1`)}`;
    await fetch(`${left}?op=MKDIRS&user.name=kontor`, { method: 'PUT' });
    dead.bury();
    const lake = openHdfsLake({ url: `${server.url}/${folder}`, ...basics });
    t.after(() => lake.close());
    await lake.create('a/one.x', Buffer.from('x'));
    assert.equal((await fetch(`${left}?op=GETFILESTATUS`)).status, 404);
  });
});
