/**
 * Frames as records of Kafka. A record's value is the frame's body; its headers say the first sequence number, the count, and
 * how many bytes of bodies the partition has had up to its end, so that any record tells the place of all before it.
 */
import type { MessageRecord, RecordsBatch } from '@platformatic/kafka';
import type { Frame } from '#core/ports/stream.ts';

/** A place between two frames of a partition. */
export interface Mark {
  /** The last record before it; 0 at the beginning. */
  readonly record: number;
  /** The bytes of all bodies before it. */
  readonly bytes: number;
}

export interface StoredFrame {
  readonly offset: bigint;
  readonly frame: Frame;
  /** The place after it. */
  readonly after: Mark;
}

export const beginning: Mark = { record: 0, bytes: 0 };

const firstHeader = Buffer.from('first');
const countHeader = Buffer.from('count');
const bytesHeader = Buffer.from('bytes');
const controlBatch = 0x20;

export function recordOf(topic: string, partition: number, frame: Frame, after: Mark, atMs: number): MessageRecord {
  const { first, count, body } = frame;
  return {
    topic,
    partition,
    value: Buffer.from(body.buffer, body.byteOffset, body.length),
    headers: new Map([
      [firstHeader, Buffer.from(String(first))],
      [countHeader, Buffer.from(String(count))],
      [bytesHeader, Buffer.from(String(after.bytes))],
    ]),
    timestamp: BigInt(Math.floor(atMs)),
  };
}

/** The frames from an offset on; records without a frame are counted in `foreign`. Bodies refer to the received bytes. */
export function storedFrames(batches: readonly RecordsBatch[], from: bigint): { frames: StoredFrame[]; next: bigint; foreign: number } {
  const frames: StoredFrame[] = [];
  let next = from;
  let foreign = 0;
  for (const { firstOffset, lastOffsetDelta, attributes, records } of batches) {
    const end = firstOffset + BigInt(lastOffsetDelta) + 1n;
    if (end > next) next = end;
    if ((attributes & controlBatch) !== 0) continue;
    for (const { offsetDelta, value, headers } of records) {
      const offset = firstOffset + BigInt(offsetDelta);
      if (offset < from) continue;
      const stored = value && frameOf(offset, value, headers);
      if (stored) frames.push(stored);
      else foreign += 1;
    }
  }
  return { frames, next, foreign };
}

function frameOf(offset: bigint, body: Buffer, headers: readonly (readonly [Buffer | null, Buffer | null])[]): StoredFrame | undefined {
  const numbers: Record<string, number> = {};
  for (const [name, value] of headers) numbers[String(name)] = Number(String(value));
  const { first = 0, count = 0, bytes = 0 } = numbers;
  if (!Number.isSafeInteger(first) || first < 1 || !Number.isSafeInteger(count) || count < 1 || !(bytes >= 0)) return undefined;
  return { offset, frame: { first, count, body }, after: { record: first + count - 1, bytes } };
}
