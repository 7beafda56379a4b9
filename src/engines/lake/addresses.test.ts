/** Addresses of lakes in HDFS and S3. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { hdfsAddress } from './hdfs-address.ts';
import { s3Place } from './s3-bucket.ts';

const refused = (error: unknown) => error instanceof KontorError && error.code === 'invalid_option';

it('HDFS: a user, NameNodes and a folder', () => {
  assert.deepEqual(hdfsAddress('hdfs://one'), { user: 'kontor', nameNodes: ['http://one:9870'], folder: '' });
  assert.deepEqual(hdfsAddress('hdfs://me@one:50070,[::1]/data/lake/'), {
    user: 'me',
    nameNodes: ['http://one:50070', 'http://[::1]:9870'],
    folder: '/data/lake',
  });
  for (const wrong of [
    'hdfs://',
    'hdfs://one:0',
    'hdfs://me:secret@one',
    'hdfs://one/..',
    'hdfs://one/a//b',
    'hdfs://one?x=1',
    'hdfs://one,',
  ])
    assert.throws(() => hdfsAddress(wrong), refused, wrong);
});

it('S3: a bucket and a prefix', () => {
  assert.deepEqual(s3Place('s3://my-bucket'), { bucket: 'my-bucket', prefix: '' });
  assert.deepEqual(s3Place('s3://my-bucket/kontor/lake/'), { bucket: 'my-bucket', prefix: 'kontor/lake/' });
  for (const wrong of ['s3://', 's3://UPPER', 's3://b', 's3://bucket/..', 's3://bucket/a//b', 's3://key:secret@bucket', 's3://bucket/a b'])
    assert.throws(() => s3Place(wrong), refused, wrong);
});
