/** Simulated time: events in the order of their moments. Nothing happens between two events, and equal moments keep the order of asking. */
import { turn } from '#testkit/clock.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  run: (() => unknown) | undefined;
}

/** A Monday morning in 2026, shortly before the hour and the six hours of simulated demand change. */
const startAt = 1_772_434_800_000 - 240_000;
/** An event that does not end by itself would hold up all others. */
const maxTurns = 10_000;
/** Rarely, because it takes longer than most events. */
const eventsPerTurn = 64;

export class Timeline {
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #skippedMs = 0;
  #asked = 0;
  #passed = 0;

  /** Milliseconds since the start of the world. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** The date and time on a clock that is right. */
  get epochMs(): number {
    return startAt + this.#nowMs + this.#skippedMs;
  }

  /** How many events there were. */
  get passed(): number {
    return this.#passed;
  }

  /** Returns what cancels it. What `run` returns is awaited before the next event, so that a transaction is never interrupted. */
  at(atMs: number, run: () => unknown): () => void {
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), order: this.#asked, run };
    this.#asked += 1;
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  after(ms: number, run: () => unknown): () => void {
    return this.at(this.#nowMs + ms, run);
  }

  /** For those who are not part of a process: users and the weather. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** The date goes on and nothing happens, as while a machine sleeps: what was to come comes as much later. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  async runUntil(untilMs: number, goOn: () => boolean = () => true): Promise<void> {
    while (goOn()) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#pop();
      if (next.run === undefined) continue;
      this.#nowMs = next.atMs;
      this.#passed += 1;
      await settle(next.run(), this.#passed % eventsPerTurn === 0);
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const isOther = other !== undefined && isBefore(other, one);
      const least = isOther ? other : one;
      if (!isBefore(least, last)) break;
      heap[place] = least;
      place = isOther ? left + 1 : left;
    }
    heap[place] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** Waits until all that follows from an event at once has happened. `hasTurn` also lets what the event loop has come. */
async function settle(result: unknown, hasTurn: boolean): Promise<void> {
  let isOver = !(result instanceof Promise);
  if (result instanceof Promise) {
    const end = () => {
      isOver = true;
    };
    result.then(end, end);
  }
  await afterMicrotasks();
  for (let turns = 0; hasTurn || !isOver; turns += 1) {
    await turn();
    if (isOver) return;
    if (turns > maxTurns) throw new Error('an event does not end: a transaction waits for something else than its queries');
  }
}

/** The queue of ticks comes when that of microtasks is empty. It is much faster than a turn of the event loop. */
function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
