/** Values by key that change often. A listener is called for its own key only, at most once per frame. */

export class KeyedStore<Value> {
  readonly #values = new Map<string, Value>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #keysListeners = new Set<() => void>();
  readonly #schedule: (work: () => void) => void;
  readonly #changed = new Set<string>();
  #keys: readonly string[] = [];
  #keysChanged = false;
  #scheduled = false;

  /** `schedule` runs the work later, such as before the next frame. */
  constructor(schedule: (work: () => void) => void) {
    this.#schedule = schedule;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** All keys; the array stays the same until a key is added or deleted. */
  keys = (): readonly string[] => this.#keys;

  values(): readonly Value[] {
    return [...this.#values.values()];
  }

  set(key: string, value: Value): void {
    if (!this.#values.has(key)) this.#keysChanged = true;
    this.#values.set(key, value);
    this.#announce(key);
  }

  delete(key: string): void {
    if (!this.#values.delete(key)) return;
    this.#keysChanged = true;
    this.#announce(key);
  }

  subscribe(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  subscribeKeys = (listener: () => void): (() => void) => {
    this.#keysListeners.add(listener);
    return () => this.#keysListeners.delete(listener);
  };

  #announce(key: string): void {
    this.#changed.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#tell());
  }

  #tell(): void {
    this.#scheduled = false;
    const changed = [...this.#changed];
    this.#changed.clear();
    if (this.#keysChanged) {
      this.#keysChanged = false;
      this.#keys = [...this.#values.keys()];
      for (const listener of this.#keysListeners) listener();
    }
    for (const key of changed) for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}
