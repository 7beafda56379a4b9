/** The key of a request that costs coins, kept in the browser's storage until it is known what became of the request. */

export interface KeyStorage {
  read(name: string): string | undefined;
  write(name: string, value: string): void;
  forget(name: string): void;
}

/** The house remembers keys for 7 days: an older one would find nothing. */
const keptMs = 6 * 24 * 3_600_000;

export class KeptKey {
  readonly #name: string;
  readonly #storage: KeyStorage;
  readonly #newKey: () => string;
  readonly #now: () => number;
  /** Storage may be forbidden: then the key lasts as long as the page. */
  #here: string | undefined;

  constructor(name: string, storage: KeyStorage, newKey: () => string, now: () => number) {
    this.#name = `request.${name}`;
    this.#storage = storage;
    this.#newKey = newKey;
    this.#now = now;
  }

  /** The key of a request that was sent, and about which nothing is known. */
  pending(): string | undefined {
    const [, at, key] = /^(\d+) ([0-9a-f]{32})$/.exec(this.#storage.read(this.#name) ?? '') ?? [];
    return key !== undefined && this.#now() - Number(at) < keptMs ? key : this.#here;
  }

  /**
   * For the request that is sent now. It is the pending key if there is one, also when something else is sent: then the house does one
   * of the two at most.
   */
  take(): string {
    const pending = this.pending();
    if (pending !== undefined) return pending;
    this.#here = this.#newKey();
    this.#storage.write(this.#name, `${this.#now()} ${this.#here}`);
    return this.#here;
  }

  /** It is known what became of the request. */
  forget(): void {
    this.#here = undefined;
    this.#storage.forget(this.#name);
  }
}
