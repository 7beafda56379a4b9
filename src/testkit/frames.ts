/** Frames whose records are their sequence numbers, so that a test shows which record was lost, doubled or torn. */
import assert from 'node:assert/strict';
import type { Delivery, Frame } from '#core/ports/stream.ts';

/** Each record is its sequence number, as 8 bytes. */
const numberedRecordBytes = 8;

export function numberedFrame(first: number, count: number): Frame {
  const body = new Uint8Array(count * numberedRecordBytes);
  const view = new DataView(body.buffer);
  for (let index = 0; index < count; index += 1) {
    view.setFloat64(index * numberedRecordBytes, first + index);
  }
  return { first, count, body };
}

/** The records' numbers; fails when they are not the frame's sequence numbers. */
export function numbersOf(frame: Frame): number[] {
  assert.equal(frame.body.byteLength, frame.count * numberedRecordBytes, `body of the frame at ${frame.first}`);
  const view = new DataView(frame.body.buffer, frame.body.byteOffset, frame.body.byteLength);
  return Array.from({ length: frame.count }, (_, index) => {
    const number = view.getFloat64(index * numberedRecordBytes);
    assert.equal(number, frame.first + index, `record ${index} of the frame at ${frame.first}`);
    return number;
  });
}

export function lastOf(delivery: Delivery): number {
  const last = delivery.frames.at(-1);
  assert.ok(last, 'a delivery holds at least one frame');
  return last.first + last.count - 1;
}

export function bytesOf(delivery: Delivery): number {
  return delivery.frames.reduce((bytes, frame) => bytes + frame.body.byteLength, 0);
}

/**
 * Counts records as every consumer must, by sequence number: below the position dropped, at it applied, above it reread.
 */
export interface Tally {
  readonly position: number;
  /** How often each record was counted, by sequence number. */
  readonly counted: ReadonlyMap<number, number>;
  apply(delivery: Delivery): 'done' | 'reread';
}

export function tally(startPosition = 0): Tally {
  const counted = new Map<number, number>();
  let position = startPosition;
  return {
    get position() {
      return position;
    },
    counted,
    apply(delivery) {
      for (const frame of delivery.frames) {
        if (frame.first > position + 1) return 'reread';
        for (const number of numbersOf(frame)) {
          if (number <= position) continue;
          counted.set(number, (counted.get(number) ?? 0) + 1);
          position = number;
        }
      }
      return 'done';
    },
  };
}
