/**
 * The layout of topics on RabbitMQ. A topic is a direct exchange; a partition is a quorum queue per group, bound to the
 * exchange by the partition's name. The queue of the topic's first group exists from the partition's first frame on, so that
 * frames are stored before the first consumer connects.
 */
import type { Channel, Options } from 'amqplib';
import { KontorError } from '#core/errors.ts';
import type { RegisteredTopic } from './registered-topics.ts';

/** AMQP's limit on the name of a queue. */
const maxNameBytes = 255;

export function exchangeOf(topic: string): string {
  return `kontor/${escaped(topic)}`;
}

export function queueOf({ topic, groups }: RegisteredTopic, partition: string, group: string): string {
  const own = groups.indexOf(group) > 0 ? `/${escaped(group)}` : '';
  return `${exchangeOf(topic.name)}/${escaped(partition)}${own}`;
}

/** Every consumer of the group subscribes to this queue, which stays empty: it serves to count the consumers. */
export function presenceQueueOf(topic: string, group: string): string {
  return `kontor-group/${escaped(topic)}/${escaped(group)}`;
}

export function checkNames(topic: string, partition: string, group = ''): void {
  const bytes = Buffer.byteLength(`${exchangeOf(topic)}/${escaped(partition)}/${escaped(group)}`);
  if (bytes <= maxNameBytes) return;
  const message = `the names of topic, partition and group make ${bytes} bytes for RabbitMQ: at most ${maxNameBytes} are allowed`;
  throw new KontorError('invalid_input', message, { details: [{ field: 'partition', message }] });
}

/** Declares the partition's queues that do not exist yet. */
export async function declarePartition(channel: Channel, serverVersion: string, known: RegisteredTopic, partition: string): Promise<void> {
  const exchange = exchangeOf(known.topic.name);
  await channel.assertExchange(exchange, 'direct', { durable: true });
  for (const queue of queuesOf(known, partition)) {
    await channel.assertQueue(queue, frameQueue(serverVersion));
    await channel.bindQueue(queue, exchange, partition);
  }
}

/** The number of frames waiting for the slowest group, without those that its consumer has fetched. */
export async function waitingFrames(channel: Channel, serverVersion: string, known: RegisteredTopic, partition: string): Promise<number> {
  let waiting = 0;
  for (const queue of queuesOf(known, partition)) {
    // Unlike checkQueue, this does not fail when the queue was deleted.
    const { messageCount } = await channel.assertQueue(queue, frameQueue(serverVersion));
    waiting = Math.max(waiting, messageCount);
  }
  return waiting;
}

function queuesOf(known: RegisteredTopic, partition: string): readonly string[] {
  return (known.groups.length === 0 ? [''] : known.groups).map((group) => queueOf(known, partition, group));
}

/**
 * No delivery limit: a frame is never dropped, however often its consumers die. RabbitMQ 4 drops after 20 deliveries unless
 * the limit is -1; earlier versions have no limit by default, and drop at the first redelivery if it is -1.
 */
export function frameQueue(serverVersion: string): Options.AssertQueue {
  const limit = Number.parseInt(serverVersion, 10) >= 4 ? { 'x-delivery-limit': -1 } : {};
  return { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-single-active-consumer': true, ...limit } };
}

export const presenceQueue: Options.AssertQueue = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

/** Escapes `/`, which separates the names. */
function escaped(name: string): string {
  return encodeURIComponent(name);
}
