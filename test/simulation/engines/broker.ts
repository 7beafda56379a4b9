/**
 * The Stream of a simulated world. Each partition of a group has one consumer at a time; one that is presumed dead, because it
 * stands still, loses its partitions while its handler may still run.
 */
import { KontorError } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { ConsumeOptions, Consumer, Frame, FrameHandler, PartitionStatus, PublishOutcome, Stream, Topic } from '#core/ports/stream.ts';
import { anyOf } from '../dice.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Timeline } from '../timeline.ts';
import type { Trace } from '../trace.ts';
import { type Caller, call, unreachable } from './call.ts';

interface Partition {
  readonly name: string;
  /** In the order of their numbers. */
  frames: Frame[];
  /** Those of a broker that leaves holes to its consumers. */
  early: Frame[];
  end: number;
}

interface Member {
  readonly caller: Caller;
  readonly handler: FrameHandler;
  readonly options: ConsumeOptions;
  stopped: boolean;
  readonly running: Set<Promise<void>>;
  /** Partitions that a handler of it is at, also where it has lost them: it gets no second delivery meanwhile. */
  readonly busyWith: Set<string>;
}

/** How far a group is in a partition, and who works on it. */
interface Place {
  readonly partition: Partition;
  acknowledged: number;
  owner: Member | undefined;
  term: AbortController;
  busy: boolean;
  failures: number;
  isFailing: boolean;
}

interface Group {
  readonly topic: string;
  readonly name: string;
  readonly members: Set<Member>;
  readonly places: Map<string, Place>;
}

export interface BrokerOptions {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly random: Random;
  /** A broker that does not: what is published twice, or with a hole, is for the consumers to notice. */
  readonly knowsEnd: boolean;
  /** After this long, partitions of a dead consumer go to another. */
  readonly noticeMs: number;
}

/** Acknowledged frames of a partition that are kept. */
const keptFrames = 200;
const firstRetryMs = 100;
const maxRetryMs = 2_000;
const defaultDeliveryBytes = 1024 * 1024;

export class Broker {
  readonly #options: BrokerOptions;
  readonly #topics = new Map<string, Map<string, Partition>>();
  readonly #groups: Group[] = [];
  /** Out of 1,000 acknowledgements, so many are lost: the frames come again. */
  lostAcknowledgements = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  for(caller: Caller): Stream {
    const { knowsEnd, trace } = this.#options;
    return {
      declare: (topic) => call(caller, 'stream', 'read', () => this.declare(topic)),
      publish: (topic, partition, frame) =>
        call(caller, 'stream', 'write', ({ ending }) => {
          if (ending === 'broken off') throw unreachable('stream', 'broke off');
          const outcome = this.#publish(topic, partition, frame);
          trace.note(`${caller.process.name} publish ${topic}/${partition} ${frame.first}+${frame.count} ${outcome} ${ending}`);
          return outcome;
        }),
      end: (topic, partition) => call(caller, 'stream', 'read', () => (knowsEnd ? this.#partition(topic, partition).end : undefined)),
      status: (topic, group) => call(caller, 'stream', 'read', () => (knowsEnd ? this.status(topic, group) : undefined)),
      consume: (topic, group, handler, options = {}) =>
        call(caller, 'stream', 'read', () =>
          this.#consume(this.#group(topic, group), { caller, handler, options, stopped: false, running: new Set(), busyWith: new Set() }),
        ),
      ping: () => call(caller, 'stream', 'read', () => {}),
      close: async () => {},
    };
  }

  /** As somebody has it who looks at the world from outside: for the laws. */
  outside(): Stream {
    const { knowsEnd } = this.#options;
    const refuse = () => Promise.reject(new Error('nobody publishes from outside'));
    return {
      declare: async (topic) => this.declare(topic),
      publish: refuse,
      end: async (topic, partition) => (knowsEnd ? this.#partition(topic, partition).end : undefined),
      status: async (topic, group) => (knowsEnd ? this.status(topic, group) : undefined),
      consume: refuse,
      ping: async () => {},
      close: async () => {},
    };
  }

  declare({ name }: Topic): void {
    if (!this.#topics.has(name)) this.#topics.set(name, new Map());
  }

  /** Whatever the mode: what is there, for checks. */
  status(topic: string, group: string): readonly PartitionStatus[] {
    const places = this.#group(topic, group).places;
    return [...(this.#topics.get(topic)?.values() ?? [])].map(({ name, end, frames }) => {
      const acknowledged = places.get(name)?.acknowledged ?? 0;
      const backlogBytes = frames.reduce((sum, frame) => sum + (lastOf(frame) > acknowledged ? frame.body.length : 0), 0);
      return { partition: name, end, acknowledged, backlogBytes };
    });
  }

  /** Moves partitions to other consumers, although theirs are well. */
  rebalance(): void {
    for (const group of this.#groups) {
      for (const place of group.places.values()) if (this.#options.random.int(2) === 0) this.#release(group, place);
    }
  }

  /** Some time after a process died. */
  notice(process: SimulatedProcess): void {
    this.#options.timeline.after(this.#options.noticeMs, () => {
      for (const group of this.#groups) {
        for (const member of group.members) if (!member.caller.process.alive) group.members.delete(member);
        for (const place of group.places.values()) if (place.owner?.caller.process === process) this.#release(group, place);
      }
    });
  }

  /** A process that stands still for longer than it takes to notice the death of one is presumed dead. */
  suspect(process: SimulatedProcess, standsMs: number): void {
    if (standsMs > this.#options.noticeMs) this.notice(process);
  }

  #release(group: Group, place: Place): void {
    const { owner, term } = place;
    place.owner = undefined;
    place.busy = false;
    const { isFailing, partition } = place;
    place.isFailing = false;
    owner?.caller.process.wake(() => {
      term.abort('the partition went to another consumer');
      if (isFailing) owner.options.onRecovered?.(partition.name);
    });
    this.#pump(group, place);
  }

  #partition(topic: string, name: string): Partition {
    const partitions = this.#topics.get(topic);
    if (partitions === undefined) throw new KontorError('not_found', `the topic ${topic} was not declared`);
    const partition = partitions.get(name) ?? { name, frames: [], early: [], end: 0 };
    partitions.set(name, partition);
    return partition;
  }

  #group(topic: string, name: string): Group {
    const known = this.#groups.find((group) => group.topic === topic && group.name === name);
    if (known !== undefined) return known;
    const group: Group = { topic, name, members: new Set(), places: new Map() };
    this.#groups.push(group);
    return group;
  }

  #publish(topic: string, name: string, frame: Frame): PublishOutcome {
    const partition = this.#partition(topic, name);
    const { knowsEnd } = this.#options;
    if (lastOf(frame) <= partition.end) return knowsEnd ? 'duplicate' : 'published';
    if (knowsEnd && frame.first !== partition.end + 1) return 'gap';
    // A consumer holds an early frame until the hole before it is filled, and leaves out what it has already.
    if (frame.first > partition.end + 1) partition.early.push(frame);
    else this.#store(topic, partition, frame);
    for (const group of this.#groups) if (group.topic === topic) this.#pump(group, this.#place(group, partition));
    return 'published';
  }

  #store(topic: string, partition: Partition, frame: Frame): void {
    partition.frames.push(frame);
    partition.end = lastOf(frame);
    if (partition.frames.length > 2 * keptFrames) this.#forget(topic, partition);
    const next = partition.early.find(({ first }) => first <= partition.end + 1);
    if (next === undefined) return;
    partition.early = partition.early.filter((one) => one !== next);
    if (lastOf(next) > partition.end) this.#store(topic, partition, next);
  }

  /** Those that every group has acknowledged, but for the last: results that lost their last moments are counted again. */
  #forget(topic: string, partition: Partition): void {
    const places = this.#groups.filter((group) => group.topic === topic).map((group) => this.#place(group, partition));
    const acknowledged = Math.min(...places.map((place) => place.acknowledged));
    const waiting = partition.frames.findIndex((frame) => lastOf(frame) > acknowledged);
    const first = Math.max(0, (waiting === -1 ? partition.frames.length : waiting) - keptFrames);
    partition.frames = partition.frames.slice(first);
  }

  #place(group: Group, partition: Partition): Place {
    const known = group.places.get(partition.name);
    if (known !== undefined) return known;
    const place: Place = {
      partition,
      acknowledged: 0,
      owner: undefined,
      term: new AbortController(),
      busy: false,
      failures: 0,
      isFailing: false,
    };
    group.places.set(partition.name, place);
    return place;
  }

  #consume(group: Group, member: Member): Consumer {
    group.members.add(member);
    for (const partition of this.#topics.get(group.topic)?.values() ?? []) this.#pump(group, this.#place(group, partition));
    return {
      partitions: () => [...group.places.values()].filter(({ owner }) => owner === member).map(({ partition }) => partition.name),
      stop: async () => {
        member.stopped = true;
        group.members.delete(member);
        const owned = [...group.places.values()].filter(({ owner }) => owner === member);
        for (const { term } of owned) term.abort('the consumer stops');
        await Promise.all(member.running);
        for (const place of owned) if (place.owner === member) this.#release(group, place);
      },
    };
  }

  /** Gives the partition a consumer, and that one the next frames, where there are both. */
  #pump(group: Group, place: Place): void {
    const { random, timeline } = this.#options;
    if (place.owner === undefined) {
      const members = [...group.members].filter(({ busyWith }) => !busyWith.has(place.partition.name));
      const owner = anyOf(random, members);
      if (owner === undefined) return;
      place.owner = owner;
      place.term = new AbortController();
      place.busy = false;
    }
    if (place.busy || place.partition.end <= place.acknowledged) return;
    place.busy = true;
    const { owner, term } = place;
    const pauseMs = place.failures === 0 ? random.float() * 2 : Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(place.failures, 8));
    timeline.after(pauseMs, () => {
      if (place.owner !== owner || place.term !== term || owner.stopped) return;
      owner.caller.process.wake(() => {
        const running = this.#deliver(group, place, owner).finally(() => owner.running.delete(running));
        owner.running.add(running);
      });
    });
  }

  async #deliver(group: Group, place: Place, owner: Member): Promise<void> {
    const { trace, random, timeline } = this.#options;
    const { term, partition } = place;
    const frames = this.#next(place, owner.options.maxDeliveryBytes ?? defaultDeliveryBytes);
    const last = frames.at(-1);
    if (last === undefined) return;
    let outcome: Awaited<ReturnType<FrameHandler>> | 'failed' = 'failed';
    owner.busyWith.add(partition.name);
    try {
      outcome = await owner.handler({ partition: partition.name, frames, signal: term.signal });
    } catch (error) {
      // Who lost the partition meanwhile is told nothing: nobody would tell it of the recovery.
      if (place.owner === owner && place.term === term) {
        place.isFailing = true;
        owner.options.onError?.(error, partition.name);
      }
    }
    trace.note(`${owner.caller.process.name} ${group.name} took ${partition.name} up to ${lastOf(last)}: ${JSON.stringify(outcome)}`);
    // Acknowledgements travel: who lost the partition meanwhile acknowledges nothing.
    timeline.after(random.float(), () => {
      owner.busyWith.delete(partition.name);
      if (place.term !== term || place.owner !== owner) return this.#pump(group, place);
      place.busy = false;
      place.failures = outcome === 'done' ? 0 : place.failures + 1;
      if (outcome === 'done' && random.int(1_000) >= this.lostAcknowledgements)
        place.acknowledged = Math.max(place.acknowledged, lastOf(last));
      if (outcome === 'done' && place.isFailing) {
        place.isFailing = false;
        owner.caller.process.wake(() => owner.options.onRecovered?.(partition.name));
      }
      if (typeof outcome === 'object') place.acknowledged = Math.max(0, outcome.rereadFrom - 1);
      this.#pump(group, place);
    });
  }

  #next({ partition, acknowledged }: Place, maxBytes: number): readonly Frame[] {
    const from = partition.frames.findLastIndex((frame) => lastOf(frame) <= acknowledged) + 1;
    const frames: Frame[] = [];
    let bytes = 0;
    for (const frame of partition.frames.slice(from)) {
      bytes += frame.body.length;
      if (frames.length > 0 && bytes > maxBytes) break;
      frames.push(frame);
    }
    return frames;
  }
}

function lastOf({ first, count }: Frame): number {
  return first + count - 1;
}
