/** Waits for an event instead of sleeping for a fixed time. */
import { turn } from './clock.ts';

export interface UntilOptions {
  /** What is awaited, for the error message; a function can add the progress. */
  readonly describe: string | (() => string);
  readonly timeoutMs?: number;
}

/** Far more than anything takes, because tests also run on busy machines. */
const defaultTimeoutMs = 60_000;
/** Checks in consecutive turns of the event loop, because most conditions hold soon; later checks leave the processor to others. */
const eagerLooks = 200;
const pauseMs = 2;

type Truthy<Value> = Exclude<Value, false | undefined | null | 0 | ''>;

/** Resolves with the promise's value, or with the condition's first truthy one; rejects when the time is up. */
export function until<Value>(event: PromiseLike<Value>, options: UntilOptions): Promise<Value>;
export function until<Value>(condition: () => Value | Promise<Value>, options: UntilOptions): Promise<Truthy<Value>>;
export async function until(eventOrCondition: PromiseLike<unknown> | (() => unknown), options: UntilOptions): Promise<unknown> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const timeUp = Promise.withResolvers<never>();
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    const what = typeof options.describe === 'string' ? options.describe : options.describe();
    timeUp.reject(new Error(`waited ${timeoutMs} ms in vain for: ${what}`));
  }, timeoutMs);

  async function look(condition: () => unknown): Promise<unknown> {
    for (let looks = 0; !over; looks += 1) {
      const value = await condition();
      if (value) return value;
      if (looks < eagerLooks) await turn();
      else await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return undefined;
  }

  try {
    const sought = typeof eventOrCondition === 'function' ? look(eventOrCondition) : eventOrCondition;
    return await Promise.race([sought, timeUp.promise]);
  } finally {
    over = true;
    clearTimeout(timer);
  }
}
