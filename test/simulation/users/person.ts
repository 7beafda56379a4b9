/** Somebody who uses the house: asks again with the same key until there is an answer, and remembers everything that was acknowledged. */
import type { Random } from '#core/ports/random.ts';
import { tokenFor } from '#drill/load/sign-up.ts';
import { type Client, NoAnswer, Refused } from '../browser.ts';
import type { Timeline } from '../timeline.ts';

/** What somebody was told to have: the checks look for it in the books, where there must be nothing else. */
export interface Acknowledged {
  readonly kind: 'order' | 'booking' | 'errand' | 'transfer' | 'trade';
  /** As the house names it; a transfer by its key, and trades are only counted. */
  readonly id: string;
}

export interface Person {
  readonly name: string;
  readonly client: Client;
  readonly random: Random;
  readonly timeline: Timeline;
  /** Once there is an account. */
  id: string;
  readonly acknowledged: Acknowledged[];
  /** Keys of requests that were refused after an answer had been lost: an earlier attempt may still be done. */
  readonly doubted: Set<string>;
  /** What has no answer yet: the request, and since when. */
  readonly unanswered: Map<string, number>;
  /** With what they log in, once there is an account. */
  login: Login | undefined;
  /** Whether something new may be begun. */
  isOpen(): boolean;
  /** Whether nothing new will ever be begun. */
  isOver(): boolean;
  /** A key for a request. A known-bad change gives each attempt another. */
  keyFor(wish: string, attempt: number): string;
}

export interface Login {
  readonly email: string;
  readonly password: string;
}

const shortestPauseMs = 300;
const longestPauseMs = 2_500;

export function pause(person: Person, leastMs: number, mostMs: number): Promise<void> {
  return person.timeline.sleep(leastMs + person.random.float() * (mostMs - leastMs));
}

/** Waits for the next time in which something is begun. False when there is none. */
export async function isOpenAgain(person: Person): Promise<boolean> {
  while (!person.isOpen() && !person.isOver()) await pause(person, 2_000, 12_000);
  return person.isOpen();
}

/** Undefined when the house refused; never ends without an answer. */
export async function insist<Result>(person: Person, wish: string, ask: (key: string) => Promise<Result>): Promise<Result | undefined> {
  person.unanswered.set(wish, person.timeline.nowMs);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await ask(person.keyFor(wish, attempt));
      person.unanswered.delete(wish);
      return result;
    } catch (error) {
      if (error instanceof Refused) {
        if (attempt > 1) person.doubted.add(person.keyFor(wish, attempt));
        person.unanswered.delete(wish);
        return undefined;
      }
      if (!(error instanceof NoAnswer)) throw error;
      await pause(person, shortestPauseMs, longestPauseMs);
    }
  }
}

/** Undefined without an answer, or when the house refused: for what one may as well leave. */
export async function attempt<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refused || error instanceof NoAnswer) return undefined;
    throw error;
  }
}

const password = 'a password of a simulated person';

/** Opens the account by the link in the letter. */
export async function signUp(person: Person): Promise<void> {
  const { client, name } = person;
  const email = `${name}@example.org`;
  await insist(person, 'sign-up', () => client('POST', '/api/people/sign-up', { body: { email, name } }));
  person.login = { email, password };
  while (person.id === '') {
    const found = await insist(person, 'letters', () => client('GET', '/api/people/letters'));
    const token = tokenFor(email, found?.letters ?? []);
    // Where the answer was lost, the account is open, and the link is not good any more.
    if (token !== undefined) person.id = (await confirm(person, token)) ?? (await logIn(person)) ?? '';
    if (person.id === '') await pause(person, 1_000, 3_000);
  }
}

async function confirm(person: Person, token: string): Promise<string | undefined> {
  const { client } = person;
  const account = await insist(person, 'confirm', () => client('POST', '/api/people/sign-up/confirm', { body: { token, password } }));
  return account?.id;
}

export async function logIn(person: Person): Promise<string | undefined> {
  const { client, login: body } = person;
  if (body === undefined) return undefined;
  const answer = await insist(person, 'login', () => client('POST', '/api/people/login', { body }));
  return answer?.account?.id;
}
