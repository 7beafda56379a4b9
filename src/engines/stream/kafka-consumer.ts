/**
 * Consumes a topic for a group. Kafka's group coordinator gives each partition to one member at a time; when the members
 * change, each ends its handlers and commits before it joins again, so that no partition has two readers.
 */
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { ConsumeOptions, Consumer, Frame, FrameHandler } from '#core/ports/stream.ts';
import { KafkaBuffer } from './kafka-buffer.ts';
import { kafkaError } from './kafka-errors.ts';
import { KafkaFetcher } from './kafka-fetcher.ts';
import { groupName, partitionCountFor, topicName } from './kafka-layout.ts';
import type { KafkaLink } from './kafka-link.ts';
import { KafkaLog, type LogPlace } from './kafka-log.ts';
import { KafkaMember } from './kafka-member.ts';
import { committedPlaces, type KafkaPositions } from './kafka-positions.ts';
import type { KafkaRegistry } from './kafka-registry.ts';
import { KafkaRetention } from './kafka-retention.ts';
import { pauses } from './kafka-retry.ts';
import { defaultDeliveryBytes, PartitionReader } from './partition-reader.ts';
import { Troubles } from './troubles.ts';

export interface ConsumerSettings {
  readonly topic: string;
  readonly group: string;
  /** Unique for each consumer of this process. */
  readonly name: string;
  readonly link: KafkaLink;
  readonly registry: KafkaRegistry;
  readonly positions: KafkaPositions;
  readonly clock: Clock;
  readonly log: Log;
  readonly handler: FrameHandler;
  readonly options: ConsumeOptions;
  readonly maxRetryMs: number;
  readonly sessionTimeoutMs: number;
}

interface OpenPartition {
  readonly name: string;
  readonly buffer: KafkaBuffer;
  readonly reader: PartitionReader;
  /** The offset committed last. */
  committed: bigint;
}

const acknowledgeEveryMs = 50;
const beatsPerSession = 10;
const hangUpEveryMs = 100;
/** How long `stop` waits for the group to answer. */
const leaveTimeoutMs = 2_000;

export class KafkaConsumer implements Consumer {
  readonly #settings: ConsumerSettings;
  readonly #stopping = new AbortController();
  readonly #troubles: Troubles;
  readonly #member: KafkaMember;
  readonly #fetcher: KafkaFetcher;
  readonly #retention: KafkaRetention;
  readonly #open = new Map<number, OpenPartition>();
  /** The partitions that the group gave to this member. */
  #assigned: readonly number[] = [];
  #isOpening = false;
  readonly #unsubscribe: () => void;
  readonly #running: Promise<void>;
  #stopped: Promise<void> | undefined;

  constructor(settings: ConsumerSettings) {
    this.#settings = settings;
    const { link, registry, positions, clock, topic, group, name, options, sessionTimeoutMs } = settings;
    this.#troubles = new Troubles(options);
    const { prefix } = link.address;
    const layout = () => {
      const named = registry.names(topic).length;
      return { named, count: partitionCountFor(named) };
    };
    const groupId = groupName(prefix, topic, group);
    this.#member = new KafkaMember({ link, groupId, topic: topicName(prefix, topic), name, sessionTimeoutMs, layout });
    const maxBufferedBytes = options.maxDeliveryBytes ?? defaultDeliveryBytes;
    this.#fetcher = new KafkaFetcher({ link, topic: topicName(prefix, topic), name, clock, maxBufferedBytes });
    this.#retention = new KafkaRetention({ link, positions, clock, topic: () => registry.topic(topic)?.topic });
    this.#unsubscribe = registry.onChange(() => void this.#openNamed());
    this.#running = this.#run();
  }

  partitions(): readonly string[] {
    return [...this.#open.values()].filter(({ reader }) => !reader.aborted).map(({ name }) => name);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    const ended = new AbortController();
    const ending = this.#running.then(() => ended.abort());
    // Repeated, because it may just be about to join.
    while (!ended.signal.aborted) {
      await this.#member.hangUp();
      await this.#settings.clock.sleep(hangUpEveryMs, ended.signal);
    }
    await ending;
    await this.#fetcher.close();
  }

  async #run(): Promise<void> {
    const { clock } = this.#settings;
    const { signal } = this.#stopping;
    const committing = this.#commitLoop();
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.#assigned = await this.#member.join();
        failures = 0;
        this.#troubles.works('');
        await this.#openNamed();
        await this.#stay();
      } catch (error) {
        if (signal.aborted) break;
        failures += 1;
        // Others have joined meanwhile: not worth a report.
        if (failures > 1) this.#report(error);
        await clock.sleep(backoffMs(failures, pauses), signal);
      } finally {
        this.#assigned = [];
        await this.#endReaders();
      }
    }
    await committing;
    const leaving = this.#member.leave().catch(() => {});
    await Promise.race([leaving, clock.sleep(leaveTimeoutMs)]);
  }

  /** Keeps the member's place in the group until its members change, or Kafka has not answered for a session. */
  async #stay(): Promise<void> {
    const { clock, sessionTimeoutMs } = this.#settings;
    const { signal } = this.#stopping;
    let answeredMs = clock.monotonicMs();
    while (!signal.aborted && !this.#member.isOutdated) {
      await clock.sleep(sessionTimeoutMs / beatsPerSession, signal);
      const askedMs = clock.monotonicMs();
      try {
        if (!(await this.#member.heartbeat())) return;
        answeredMs = askedMs;
      } catch (error) {
        // The group may have given its partitions to others.
        if (clock.monotonicMs() - answeredMs > sessionTimeoutMs) throw error;
      }
    }
  }

  /** Waits for the handlers, and commits; meanwhile the others of the group wait, and heartbeats say that this one is alive. */
  async #endReaders(): Promise<void> {
    const { clock, sessionTimeoutMs } = this.#settings;
    const ended = new AbortController();
    const all = [...this.#open];
    for (const [number, { reader }] of all) {
      this.#fetcher.remove(number);
      reader.abort();
    }
    const ending = Promise.all(all.map(([, { reader }]) => reader.ended)).then(() => ended.abort());
    while (!ended.signal.aborted) {
      await clock.sleep(sessionTimeoutMs / beatsPerSession, ended.signal);
      if (!ended.signal.aborted) await this.#member.heartbeat().catch(() => false);
    }
    await ending;
    await this.#commit();
    for (const [number] of all) this.#open.delete(number);
  }

  /** Opens the assigned partitions that have names and are not open yet. */
  async #openNamed(): Promise<void> {
    if (this.#isOpening) return;
    this.#isOpening = true;
    try {
      for (let wanted = this.#unopened(); wanted.length > 0; wanted = this.#unopened()) {
        const { link, topic, group } = this.#settings;
        const assigned = this.#assigned;
        const places = await committedPlaces(link, topic, group, wanted);
        for (const number of wanted) {
          const place = places.get(number) ?? (await this.#log(number).start());
          if (assigned !== this.#assigned || this.#stopping.signal.aborted) break;
          this.#openAt(number, place, places.has(number));
        }
      }
      this.#troubles.works('', 'opening');
    } catch (error) {
      this.#report(error, 'opening');
      const { clock } = this.#settings;
      void clock.sleep(pauses.maxMs / 4, this.#stopping.signal).then(() => this.#openNamed());
    } finally {
      this.#isOpening = false;
    }
  }

  #unopened(): readonly number[] {
    const named = this.#settings.registry.names(this.#settings.topic).length;
    return this.#assigned.filter((number) => number < named && !this.#open.has(number));
  }

  #openAt(number: number, place: LogPlace, isCommitted: boolean): void {
    const { registry, topic, clock, handler, options, maxRetryMs, log } = this.#settings;
    const troubles = this.#troubles;
    const name = registry.names(topic)[number] ?? '';
    const buffer = new KafkaBuffer(place);
    const source = {
      read: async (_name: string, _after: number, maxBytes: number): Promise<readonly Frame[]> => buffer.firstRun(maxBytes),
      rewind: (_name: string, from: number) => this.#rewind(number, buffer, from),
    };
    const reader = new PartitionReader({ source, clock, handler, options, troubles, maxRetryMs }, name, place.mark.record, (upTo) => {
      buffer.finish(upTo);
      this.#fetcher.wake();
    });
    // A new group's position counts from the beginning, too: publishers wait for the slowest.
    this.#open.set(number, { name, buffer, reader, committed: isCommitted ? place.offset : -1n });
    this.#fetcher.add({
      partition: number,
      buffer,
      arrived: () => reader.wake(),
      outOfRange: () => void this.#findPlace(number, buffer),
      failed: (error) => troubles.failed(error, name, 'fetching'),
      fetched: () => troubles.works(name, 'fetching'),
      skipped: (count) => log.error({ topic, partition: name, count }, 'skipped records that are not frames'),
    });
  }

  async #rewind(number: number, buffer: KafkaBuffer, from: number): Promise<number | undefined> {
    const log = this.#log(number);
    const [start, end] = await Promise.all([log.start(), log.endOffset()]);
    if (start.mark.record >= from) return undefined;
    const offset = await log.search(start.offset, end, ({ after }) => after.record >= from);
    const stored = (await log.read(offset, 1)).frames[0];
    if (!stored) return undefined;
    const mark = { record: stored.frame.first - 1, bytes: stored.after.bytes - stored.frame.body.length };
    buffer.reset({ offset, mark });
    this.#fetcher.wake();
    return mark.record;
  }

  /** Frames at the buffer's offset are gone: goes on with the oldest that are left and not done. */
  async #findPlace(number: number, buffer: KafkaBuffer): Promise<void> {
    const { topic, registry } = this.#settings;
    const name = registry.names(topic)[number] ?? '';
    const isOurs = () => this.#open.get(number)?.buffer === buffer && !this.#stopping.signal.aborted;
    try {
      const log = this.#log(number);
      const [start, end] = await Promise.all([log.start(), log.endOffset()]);
      const { record } = buffer.done.mark;
      const offset = await log.search(start.offset, end, ({ after }) => after.record > record);
      buffer.reset({ offset, mark: record > start.mark.record ? buffer.done.mark : start.mark });
      const what = `${name}: Kafka has no frames at the position of the group any more; it goes on from record ${Math.max(record, start.mark.record) + 1}`;
      if (isOurs()) this.#troubles.failed(new KontorError('storage_damaged', what), name, 'fetching');
    } catch (error) {
      if (isOurs()) this.#troubles.failed(kafkaError(error), name, 'fetching');
    }
  }

  async #commitLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#settings.clock.sleep(acknowledgeEveryMs, this.#stopping.signal);
      await this.#commit();
    }
  }

  /** A failed commit only means redelivery: the stored position drops the frames. */
  async #commit(): Promise<void> {
    const places = new Map<number, LogPlace>();
    for (const [number, { buffer, committed }] of this.#open) if (buffer.done.offset !== committed) places.set(number, buffer.done);
    if (places.size === 0) return;
    try {
      await this.#member.commit(places);
      for (const [number, place] of places) {
        const open = this.#open.get(number);
        if (open) open.committed = place.offset;
        void this.#retention.look(number, place).then(
          () => this.#troubles.works('', `retention of ${number}`),
          (error: unknown) => this.#report(error, `retention of ${number}`),
        );
      }
    } catch {
      // The group has new members, or a new coordinator: it is tried again.
    }
  }

  #log(number: number): KafkaLog {
    const { link, topic } = this.#settings;
    return new KafkaLog(link, topicName(link.address.prefix, topic), number);
  }

  #report(error: unknown, part = ''): void {
    if (!this.#stopping.signal.aborted) this.#troubles.failed(kafkaError(error), '', part);
  }
}
