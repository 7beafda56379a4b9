/** The Lake on a real S3 server: the contract of the port, a server that dies, and credentials that are wrong. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { openS3Lake } from '#engines/lake/s3.ts';
import { lakeContract } from '#testkit/contracts/lake.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startS3 } from '../../tools/engines/s3.ts';
import { placeOf } from '../../tools/engines.ts';
import { killTest, lakeBasics, ownFolder } from './lake-servers.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('s3', 'alone');
const access = server.skip === false ? await accessOf() : { endpoint: '', accessKey: '', secretKey: '', region: '' };

async function accessOf() {
  const { environment } = await startS3(placeOf('s3'));
  const { LAKE_S3_ENDPOINT: endpoint, LAKE_S3_ACCESS_KEY: accessKey, LAKE_S3_SECRET_KEY: secretKey } = environment;
  return { endpoint, accessKey, secretKey, region: 'us-east-1' };
}

function open(t: TestContext, url = `${server.url}/${ownFolder()}`, secretKey = access.secretKey) {
  const { endpoint, accessKey, region } = access;
  const lake = openS3Lake({ url, endpoint, accessKey, region, secretKey, ...lakeBasics(t) });
  t.after(() => lake.close());
  return lake;
}

describe('S3', { skip: server.skip }, () => {
  lakeContract('S3', {
    async open(t) {
      const url = `${server.url}/${ownFolder()}`;
      const { endpoint, accessKey, secretKey, region } = access;
      const copies = { copiesFolder: temporaryFolder(t), maxCopiesBytes: 64 * 1024 * 1024 };
      return {
        lake: open(t, url),
        other: open(t, url),
        victim: {
          module: import.meta.resolve('#engines/lake/s3.ts'),
          name: 'openS3Lake',
          options: { url, endpoint, accessKey, secretKey, region, ...copies },
        },
      };
    },
  });

  killTest(2, open, () => startS3(placeOf('s3')));

  it('wrong credentials and a missing bucket are told at once, with the options to check', async (t) => {
    const named = (error: unknown) => error instanceof KontorError && error.code === 'invalid_option' && /LAKE_S3/.test(error.message);
    await assert.rejects(open(t, undefined, 'wrong').create('a/one.x', Buffer.from('x')), named);
    await assert.rejects(open(t, 's3://no-such-bucket').create('a/one.x', Buffer.from('x')), named);
    await assert.rejects(open(t, 's3://no-such-bucket').read('a/one.x'), named);
    await assert.rejects(open(t, 's3://no-such-bucket').ping(), named);
  });
});
