/** One value that changes often. Listeners are called at most once per frame. */

export class ValueStore<Value> {
  readonly #schedule: (work: () => void) => void;
  readonly #listeners = new Set<() => void>();
  #value: Value | undefined;
  #scheduled = false;

  /** `schedule` runs the work later, such as before the next frame. */
  constructor(schedule: (work: () => void) => void) {
    this.#schedule = schedule;
  }

  /** Undefined until a value is set. */
  get = (): Value | undefined => this.#value;

  set(value: Value): void {
    this.#value = value;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
