/** A map that forgets what came in first when it is full. */

/** How much goes at once: a map finds its first key slowly after many before it were removed. */
const share = 8;

export class BoundedMap<Key, Value> {
  readonly #most: number;
  readonly #values = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  /** As the newest, also if the key was there. */
  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#most) return;
    const left = this.#most - Math.floor(this.#most / share);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= left) break;
      this.#values.delete(oldest);
    }
  }
}
