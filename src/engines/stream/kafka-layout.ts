/**
 * The layout of topics on Kafka. A topic of the house is a topic of Kafka, and a partition of it is one of Kafka's: the n-th
 * name in the registry of topics has the n-th partition. Kafka's partitions are made ahead, so that a new name seldom has to
 * wait for one and consumers have it already. Kafka removes nothing by itself: it does not know what is acknowledged.
 */
import { createPartitionsV3, createTopicsV7, incrementalAlterConfigsV1 } from '@platformatic/kafka';
import { KontorError } from '#core/errors.ts';
import { answeredError } from './kafka-errors.ts';
import type { KafkaLink } from './kafka-link.ts';

const firstPartitions = 8;
const createTimeoutMs = 4_000;
const mostCopies = 3;
/** Larger than any frame with its headers. */
const maxMessageBytes = 17 * 1_024 * 1_024;
/** Removed frames free the disk a file at a time. */
const fileBytes = 64 * 1_024 * 1_024;
const maxNameLength = 249;
const topicResource = 2;
const set = 0;

export function topicName(prefix: string, topic: string): string {
  return `${prefix}.${escaped(topic)}`;
}

export function registryName(prefix: string): string {
  return `${prefix}-registry`;
}

export function groupName(prefix: string, topic: string, group: string): string {
  return `${prefix}/${topic}/${group}`;
}

export function checkTopicName(prefix: string, topic: string): void {
  if (topicName(prefix, topic).length <= maxNameLength) return;
  const message = `the name of the topic is too long for Kafka, which allows ${maxNameLength} characters`;
  throw new KontorError('invalid_input', message, { details: [{ field: 'topic', message }] });
}

/** How many partitions of Kafka there are for this many names. */
export function partitionCountFor(names: number): number {
  let count = firstPartitions;
  while (count < names) count *= 2;
  return count;
}

/** Creates a topic of Kafka that keeps everything until it is told to remove it; an existing one is set to keep it. */
export async function ensureTopic(link: KafkaLink, name: string, partitions = firstPartitions): Promise<void> {
  await link.refresh();
  const copies = link.address.replicas ?? Math.min(mostCopies, Math.max(1, link.brokerCount));
  const keep = { 'retention.ms': '-1', 'retention.bytes': '-1', 'cleanup.policy': 'delete' };
  const configs = Object.entries({
    'retention.ms': keep['retention.ms'],
    'retention.bytes': keep['retention.bytes'],
    'cleanup.policy': keep['cleanup.policy'],
    'min.insync.replicas': String(Math.min(2, copies)),
    'unclean.leader.election.enable': 'false',
    'max.message.bytes': String(maxMessageBytes),
    'segment.bytes': String(fileBytes),
  }).map(([key, value]) => ({ name: key, value }));
  const topic = { name, numPartitions: partitions, replicationFactor: copies, assignments: [], configs };
  try {
    await link.callAny(createTopicsV7.api, [topic], createTimeoutMs, false);
  } catch (error) {
    if (answeredError(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
    const changes = Object.entries(keep).map(([key, value]) => ({ name: key, configOperation: set, value }) as const);
    await link.callAny(incrementalAlterConfigsV1.api, [{ resourceType: topicResource, resourceName: name, configs: changes }], false);
  }
}

/** Adds partitions to a topic of Kafka that has fewer. */
export async function ensurePartitions(link: KafkaLink, name: string, count: number): Promise<void> {
  try {
    await link.callAny(createPartitionsV3.api, [{ name, count, assignments: null }], createTimeoutMs, false);
  } catch (error) {
    // It has as many, or more.
    if (answeredError(error) !== 'INVALID_PARTITIONS') throw error;
  }
  link.forgetLeaders(name);
}

/** Kafka allows letters, digits, `.`, `_` and `-`. */
function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
}
