/**
 * Who asked, as numbers that name nobody: hashed with a key that changes every day, so that they cannot be joined across days.
 */
import { createHmac } from 'node:crypto';

const dayMs = 86_400_000;
/** Names of the day whose hash is remembered; a full memory starts again empty. */
const maxRemembered = 20_000;

export class DailyHashes {
  readonly #key: string;
  readonly #known = new Map<string, number>();
  #day = Number.NaN;
  #dayKey: Buffer = Buffer.alloc(0);

  constructor(key: string) {
    this.#key = key;
  }

  /** An integer below 2^53, the same for a name all day (in UTC). */
  of(name: string, now: number): number {
    const day = Math.floor(now / dayMs);
    if (day !== this.#day) {
      this.#day = day;
      this.#dayKey = createHmac('sha256', this.#key).update(`day ${day}`).digest();
      this.#known.clear();
    }
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= maxRemembered) this.#known.clear();
    const digest = createHmac('sha256', this.#dayKey).update(name).digest();
    const hash = digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) % 32);
    this.#known.set(name, hash);
    return hash;
  }
}
