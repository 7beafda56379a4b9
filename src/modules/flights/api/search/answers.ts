/**
 * Answers that are the same for everybody, rendered once: never older than 30 seconds. They are kept in the port Cache for all processes,
 * and for a moment in each. Losing them loses speed, nothing else.
 */
import type { Cache } from '#core/ports/cache.ts';

/** An answer as it is sent, and the flights that it shows. */
interface Answer {
  readonly json: string;
  readonly flightIds: readonly string[];
  /** It was made before the timetable was whole, and is not kept. */
  readonly isEarly: boolean;
}

/** Together at most 30 seconds. */
const sharedMs = 28_000;
export const hereMs = 2_000;

export async function sharedAnswer(cache: Cache, key: string, make: () => Promise<Answer>): Promise<Answer> {
  const answer = await cache.getOrLoad(key, { ttlMs: sharedMs, staleMs: 0 }, make);
  if (answer.isEarly) cache.drop(key).catch(() => {});
  return answer;
}
