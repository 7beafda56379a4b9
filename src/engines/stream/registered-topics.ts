/** The topics, groups and partitions of a broker's stream, built from the entries of a log: all who read them agree. No I/O. */
import { KontorError } from '#core/errors.ts';
import type { Topic } from '#core/ports/stream.ts';

export type TopicEntry =
  | { readonly kind: 'topic'; readonly topic: Topic }
  | { readonly kind: 'group'; readonly topic: string; readonly group: string }
  | { readonly kind: 'partition'; readonly topic: string; readonly partition: string };

export interface RegisteredTopic {
  readonly topic: Topic;
  /** In the order in which they joined. */
  readonly groups: readonly string[];
  /** In the order in which they were first published to. */
  readonly partitions: ReadonlySet<string>;
}

const maxTopics = 1_000;
const maxGroups = 100;
/** A consumer on RabbitMQ needs a channel for each, and a connection has about two thousand: one consumer cannot take all of them. */
const maxPartitions = 4_000;

export class RegisteredTopics {
  readonly #topics = new Map<string, { topic: Topic; groups: string[]; partitions: Set<string> }>();

  get(name: string): RegisteredTopic | undefined {
    return this.#topics.get(name);
  }

  apply(entry: TopicEntry): void {
    switch (entry.kind) {
      case 'topic': {
        const known = this.#topics.get(entry.topic.name);
        if (known) known.topic = entry.topic;
        else this.#topics.set(entry.topic.name, { topic: entry.topic, groups: [], partitions: new Set() });
        return;
      }
      case 'group': {
        const groups = this.#topics.get(entry.topic)?.groups;
        if (groups && !groups.includes(entry.group)) groups.push(entry.group);
        return;
      }
      case 'partition':
        this.#topics.get(entry.topic)?.partitions.add(entry.partition);
    }
  }

  isKnown(entry: TopicEntry): boolean {
    switch (entry.kind) {
      case 'topic': {
        const topic = this.#topics.get(entry.topic.name)?.topic;
        const { keepMs, keepBytes, maxBacklogBytes } = entry.topic;
        return topic?.keepMs === keepMs && topic.keepBytes === keepBytes && topic.maxBacklogBytes === maxBacklogBytes;
      }
      case 'group':
        return this.#topics.get(entry.topic)?.groups.includes(entry.group) ?? false;
      case 'partition':
        return this.#topics.get(entry.topic)?.partitions.has(entry.partition) ?? false;
    }
  }

  refuseTooMany(entry: TopicEntry): void {
    if (this.isKnown(entry)) return;
    const crowded = (what: string, limit: number) =>
      new KontorError('overloaded', `The stream already has ${limit} ${what}, the most allowed`);
    const named = entry.kind === 'topic' ? undefined : this.#topics.get(entry.topic);
    if (entry.kind === 'topic' && !this.#topics.has(entry.topic.name) && this.#topics.size >= maxTopics) throw crowded('topics', maxTopics);
    if (entry.kind === 'group' && (named?.groups.length ?? 0) >= maxGroups) throw crowded('groups of a topic', maxGroups);
    if (entry.kind === 'partition' && (named?.partitions.size ?? 0) >= maxPartitions) throw crowded('partitions of a topic', maxPartitions);
  }
}

export function undeclaredTopic(name: string): KontorError {
  return new KontorError('not_found', `The stream has no topic ${name}: it must be declared first`);
}
