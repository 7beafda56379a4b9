/** Time-based one-time codes (RFC 6238: SHA-1, six digits, 30 seconds), as every authenticator app makes them. */
import { createHmac } from 'node:crypto';
import { base32, sameText } from './secrets.ts';

const stepMs = 30_000;
/** Steps before and after the present one that also count: clocks differ, and typing takes time. */
const tolerance = 1;

export const totpSecretBytes = 20;

export function stepAt(now: number): number {
  return Math.floor(now / stepMs);
}

export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The step whose code this is, if it lies near `now` and after `lastStep`, the last one used; else undefined. */
export function matchingStep(secret: Uint8Array, code: string, now: number, lastStep: number): number | undefined {
  const present = stepAt(now);
  for (let step = Math.max(present - tolerance, lastStep + 1); step <= present + tolerance; step++) {
    if (sameText(totpCode(secret, step), code)) return step;
  }
  return undefined;
}

/** For the QR code that the authenticator reads. */
export function otpauthUrl({ secret, email }: { secret: Uint8Array; email: string }): string {
  return `otpauth://totp/Kontor:${encodeURIComponent(email)}?secret=${base32(secret)}&issuer=Kontor`;
}
