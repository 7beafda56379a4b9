/** Listeners to hints, such as that something was published. */
export class Listeners {
  readonly #listeners = new Set<() => void>();
  #isScheduled = false;

  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notify(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Notifies once per turn of the event loop, however often it is called. */
  notifySoon(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.notify();
    });
  }
}
