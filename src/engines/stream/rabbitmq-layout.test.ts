/** Names and arguments of queues: no two partitions share a name, and no version of RabbitMQ drops a frame. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { Topic } from '#core/ports/stream.ts';
import { checkNames, frameQueue, presenceQueueOf, queueOf } from './rabbitmq-layout.ts';

const limits = { keepMs: 0, keepBytes: 0, maxBacklogBytes: 0 };
const known = (name: string, ...groups: string[]) => ({
  topic: { name, ...limits } satisfies Topic,
  groups,
  partitions: new Set<string>(),
});

describe('the layout on RabbitMQ', () => {
  it('names are distinct, whatever characters they have', () => {
    const names = [
      queueOf(known('a', 'g', 'h'), 'b', 'g'),
      queueOf(known('a', 'g', 'h'), 'b', 'h'),
      queueOf(known('a', 'g'), 'b/h', 'g'),
      queueOf(known('a/b', 'g', 'h'), 'h', 'g'),
      queueOf(known('a', 'g'), 'b%2Fh', 'g'),
      presenceQueueOf('a', 'b'),
    ];
    assert.equal(new Set(names).size, names.length, names.join(' '));
  });

  it('the first group takes over the existing queue', () => {
    assert.equal(queueOf(known('a'), 'b', ''), queueOf(known('a', 'g', 'h'), 'b', 'g'));
  });

  it('a name too long for RabbitMQ is refused with the field at fault', () => {
    checkNames('trades', 'x'.repeat(120));
    assert.throws(
      () => checkNames('trades', '漢'.repeat(60)),
      (error) => error instanceof KontorError && error.details[0]?.field === 'partition',
    );
  });

  it('no delivery limit: -1 for RabbitMQ 4, omitted for earlier versions, where -1 drops frames', () => {
    assert.equal(frameQueue('4.0.2').arguments['x-delivery-limit'], -1);
    assert.equal(frameQueue('10.1.0').arguments['x-delivery-limit'], -1);
    for (const version of ['3.10.8', '3.13.7']) assert.equal('x-delivery-limit' in frameQueue(version).arguments, false);
  });
});
