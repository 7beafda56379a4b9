/** Secrets that are shown once and stored as a hash. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Random } from '#core/ports/random.ts';

/** 256 bits as 64 hex characters. */
export function newSecret(random: Random): string {
  return random.id() + random.id();
}

/** Nobody can guess such a secret, so a fast hash is as good as a slow one. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** At most 32 bytes. */
export function secretBytes(random: Random, count: number): Uint8Array {
  return Buffer.from(newSecret(random), 'hex').subarray(0, count);
}

/** Takes as long whether the first character differs or the last. */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, without padding: authenticators read it, and people can type it. */
export function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

export function fromBase32(text: string): Uint8Array {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
