/**
 * Accesses as bytes, 32 each: four little-endian doubles that hold integers below 2^53. The first is the time in milliseconds,
 * times 16, plus twice the kind, plus 1 for an account; then the flight's code, the visitor's hash, and the network's.
 */
import { type AccessKind, accessKinds } from './access.ts';

const accessBytes = 32;
export const wordsPerAccess = accessBytes / 8;

/** A number that an emitter gave away and could not fill: see `store/access/emitted.ts`. */
export const lostKind = accessKinds.length;

export function whenWord(at: number, kind: AccessKind, account: boolean): number {
  return at * 16 + accessKinds.indexOf(kind) * 2 + (account ? 1 : 0);
}

export function lostWord(at: number): number {
  return at * 16 + lostKind * 2;
}

export interface AccessRecord {
  readonly at: number;
  /** The place in `accessKinds`, or `lostKind`. */
  readonly kind: number;
  readonly account: boolean;
  readonly flight: number;
  readonly visitor: number;
  readonly network: number;
}

/** The bodies of frames joined, as numbers; copied, because a body from a broker may begin anywhere in its buffer. */
export function accessWords(bodies: readonly Uint8Array[]): Float64Array {
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + body.byteLength, 0));
  let end = 0;
  for (const body of bodies) {
    bytes.set(body, end);
    end += body.byteLength;
  }
  return new Float64Array(bytes.buffer);
}

export function accessAt(words: Float64Array, index: number): AccessRecord {
  const [when = 0, flight = 0, visitor = 0, network = 0] = words.subarray(index * wordsPerAccess, (index + 1) * wordsPerAccess);
  const low = when % 16;
  return { at: (when - low) / 16, kind: (low - (low % 2)) / 2, account: low % 2 === 1, flight, visitor, network };
}
