/** Answers kept for a while, so that a page that was seen before, or is likely to be seen next, is there at once. */
import { useCallback } from 'react';
import { type Resource, useResource } from '#web/api/use-resource.ts';

/** So many answers of one kind are kept. */
const maxAnswers = 40;
/** Younger answers are not asked for again. Prices are at most 30 seconds old when they come. */
const freshMs = 10_000;
/** Older answers are not shown while the new one is on its way. */
const shownMs = 5 * 60_000;

interface Asked<Value> {
  readonly at: number;
  readonly promise: Promise<Value>;
  value: Value | undefined;
}

export class Answers<Value> {
  readonly #ask: (question: string) => Promise<Value>;
  readonly #now: () => number;
  /** In the order in which they were asked. */
  readonly #asked = new Map<string, Asked<Value>>();

  constructor(ask: (question: string) => Promise<Value>, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  /** What can be shown while the newest answer is on its way. */
  known(question: string): Value | undefined {
    const asked = this.#asked.get(question);
    return asked !== undefined && this.#now() - asked.at < shownMs ? asked.value : undefined;
  }

  load(question: string): Promise<Value> {
    const before = this.#asked.get(question);
    if (before !== undefined && this.#now() - before.at < freshMs) return before.promise;
    const promise = this.#ask(question);
    const asked: Asked<Value> = { at: this.#now(), promise, value: before?.value };
    this.#asked.delete(question);
    this.#asked.set(question, asked);
    for (const oldest of this.#asked.keys()) {
      if (this.#asked.size <= maxAnswers) break;
      this.#asked.delete(oldest);
    }
    promise.then(
      (value) => {
        asked.value = value;
      },
      // A failure is asked again.
      () => {
        if (this.#asked.get(question) === asked) this.#asked.delete(question);
      },
    );
    return promise;
  }
}

/** The answer to a question; `current` is false while the answer to another question is still shown. */
export function useAnswer<Value>(
  answers: Answers<Value>,
  question: string,
): { readonly resource: Resource<Value>; readonly current: boolean } {
  const asked = useResource(
    useCallback(async () => {
      const value = await answers.load(question);
      return { question, value };
    }, [answers, question]),
  );
  const known = answers.known(question);
  if (asked.state !== 'ready') return { resource: known === undefined ? asked : { state: 'ready', value: known }, current: true };
  if (asked.value.question === question) return { resource: { state: 'ready', value: asked.value.value }, current: true };
  return { resource: { state: 'ready', value: known ?? asked.value.value }, current: known !== undefined };
}
