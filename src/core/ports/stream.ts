/**
 * Stream: partitioned, ordered, durable topics of frames.
 *
 * Promises:
 * - a frame carries `count` records with dense sequence numbers `first … first + count - 1`; its body is the records'
 *   bytes one after another, so that bodies of neighbouring frames can be joined. Sequence numbers start at 1;
 * - `publish` resolves `published` when the frame is durable. Frames of a partition are delivered in the order of their
 *   sequence numbers, without holes, at least once;
 * - `publish` of records already stored (the partition's end is at or past the frame's last record) resolves `duplicate`
 *   and stores nothing; a frame that would leave a hole or partly overlap resolves `gap` and stores nothing. An engine that
 *   cannot know the end (a broker) publishes such frames; consumers drop or hold records by sequence number;
 * - `consume` gives each partition to exactly one consumer of a group at a time, as long as one is running; when it stops or
 *   dies, another takes over. Two may overlap for a moment when one is presumed dead: the stored position decides;
 * - a delivery is one run of frames of one partition, at most `maxDeliveryBytes` unless a single frame is larger; a
 *   partition's next delivery comes only after its handler ended, so that a slow consumer does not fill the memory;
 * - when the handler resolves `done`, the frames are acknowledged (possibly later: redelivery is always possible). When it
 *   resolves `reread` or rejects, they are delivered again after a pause that grows to `maxRetryMs`;
 * - a new group starts at the oldest stored frame;
 * - a partition with more than `maxBacklogBytes` not yet acknowledged makes `publish` wait; after `publishTimeoutMs` it
 *   rejects with `overloaded`;
 * - acknowledged frames are removed once every group has them and they are older than `keepMs` or beyond `keepBytes`.
 *   Frames not yet acknowledged are never removed.
 */
export interface Frame {
  readonly first: number;
  readonly count: number;
  readonly body: Uint8Array;
}

export type PublishOutcome = 'published' | 'duplicate' | 'gap';

export interface Topic {
  readonly name: string;
  /** How long acknowledged frames are kept. */
  readonly keepMs: number;
  /** The most bytes of acknowledged frames that are kept in a partition. */
  readonly keepBytes: number;
  readonly maxBacklogBytes: number;
}

export interface Delivery {
  readonly partition: string;
  /** At least one, in order, without holes. */
  readonly frames: readonly Frame[];
  /** Aborts when the consumer stops or loses the partition. */
  readonly signal: AbortSignal;
}

/**
 * `done`: acknowledge. `reread`: deliver again. `{ rereadFrom }`: the stored position is behind what was acknowledged (the
 * results were restored, or lost their last writes): go back to that sequence number. An engine that no longer has it
 * reports `storage_damaged` to `onError` and retries.
 */
export type FrameHandler = (delivery: Delivery) => Promise<'done' | 'reread' | { readonly rereadFrom: number }>;

export interface ConsumeOptions {
  readonly maxDeliveryBytes?: number;
  /** Called when a handler rejects, whose frames are delivered again, and when the engine fails: '' where that is not one partition. */
  readonly onError?: (error: unknown, partition: string) => void;
  /** Called when what `onError` told of a partition, or of '', is over: it works again, or another consumer has the partition. */
  readonly onRecovered?: (partition: string) => void;
}

export interface Consumer {
  /** The partitions for which this consumer is active. */
  partitions(): readonly string[];
  /** Waits for running handlers, acknowledges their frames, and releases the partitions. */
  stop(): Promise<void>;
}

export interface PartitionStatus {
  readonly partition: string;
  /** The highest sequence number published; 0 for none. */
  readonly end: number;
  /** The highest sequence number acknowledged by the group; 0 for none. */
  readonly acknowledged: number;
  readonly backlogBytes: number;
}

export interface Stream {
  /** Creates the topic, or changes its limits. */
  declare(topic: Topic): Promise<void>;
  publish(topic: string, partition: string, frame: Frame): Promise<PublishOutcome>;
  /** The highest sequence number published to the partition; 0 for none; undefined when the engine cannot know. */
  end(topic: string, partition: string): Promise<number | undefined>;
  /** By partition; undefined when the engine cannot know. */
  status(topic: string, group: string): Promise<readonly PartitionStatus[] | undefined>;
  consume(topic: string, group: string, handler: FrameHandler, options?: ConsumeOptions): Promise<Consumer>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
