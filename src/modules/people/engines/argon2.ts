/** Passwords: which are good enough, and their argon2id hashes, made in bounded numbers at a time. */
import { KontorError, type ReasonIn } from '#core/errors.ts';
import type { PeopleReasons } from './reasons.ts';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Without a stored hash it works as long as with one, and says no: time must not tell who has an account. */
  verify(stored: string | undefined, password: string): Promise<boolean>;
}

/** The two functions of argon2 that are used. */
interface Hashing {
  hash(password: string, cost: HashingCost): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

interface HashingCost {
  /** KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

export interface PasswordsOptions {
  readonly cost?: HashingCost;
  /** Loaded when the first password comes: a house that nobody enters does not pay for it. */
  readonly load?: () => Promise<Hashing>;
  readonly maxWaiting?: number;
}

/** What OWASP's password storage guide asks for; some 40 ms on a small machine. */
const recommendedCost: HashingCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each takes a thread and 19 MiB for its time. */
const maxAtOnce = 2;
const defaultMaxWaiting = 64;

export const minPasswordLength = 10;
export const maxPasswordLength = 200;
const minDifferent = 5;
/** Of those long enough, the ones that every list of guesses begins with. */
const commonPasswords = new Set([
  'passwordpassword',
  'qwertyuiop',
  'password123',
  'password1234',
  'iloveyou123',
  'letmein123',
  'changeme123',
]);

export function openPasswords(options: PasswordsOptions = {}): Passwords {
  const { cost = recommendedCost, maxWaiting = defaultMaxWaiting, load = () => import('@node-rs/argon2') } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  let nobodys: Promise<string> | undefined;

  async function inTurn<Result>(work: (hashing: Hashing) => Promise<Result>): Promise<Result> {
    if (running < maxAtOnce) running += 1;
    else if (waiting.length < maxWaiting) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw new KontorError('overloaded', 'Too many people log in at this moment: try again in a few seconds.');
    try {
      return await work(await load());
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  async function hashOfNobody(): Promise<string> {
    nobodys ??= inTurn((hashing) => hashing.hash('nobody has this password', cost));
    try {
      return await nobodys;
    } catch (error) {
      nobodys = undefined;
      throw error;
    }
  }

  return {
    hash: (password) => inTurn((hashing) => hashing.hash(plain(password), cost)),
    async verify(stored, password) {
      // Before every comparison, whoever's: only the first of a process waits for it, and it tells nothing.
      const nobodysHash = await hashOfNobody();
      const right = await inTurn((hashing) => hashing.verify(stored ?? nobodysHash, plain(password)));
      return right && stored !== undefined;
    },
  };
}

/** What is wrong: for pages, and in words. */
export interface Fault {
  readonly reason: ReasonIn<PeopleReasons>;
  readonly says: string;
}

function fault(reason: Fault['reason'], says: string): Fault {
  return { reason, says };
}

/** What is wrong with a password that somebody chose, and what would be right; undefined when it will do. */
export function wrongInPassword(password: string, { email, name }: { email: string; name: string }): Fault | undefined {
  const text = plain(password).toLowerCase();
  if (text.length < minPasswordLength)
    return fault({ name: 'password-short', values: { least: minPasswordLength } }, `must have at least ${minPasswordLength} characters`);
  if (text.length > maxPasswordLength)
    return fault({ name: 'password-long', values: { most: maxPasswordLength } }, `may have at most ${maxPasswordLength} characters`);
  if (text === email || text === name.toLowerCase())
    return fault({ name: 'password-own-name', values: {} }, 'must not be your own name or address');
  if (new Set(text).size < minDifferent)
    return fault(
      { name: 'password-few-letters', values: { least: minDifferent } },
      `must have at least ${minDifferent} different characters`,
    );
  if (commonPasswords.has(text) || '01234567890123456789'.includes(text))
    return fault({ name: 'password-common', values: {} }, 'is among the first that anybody would guess: choose another');
  return undefined;
}

/** The same letters typed on different keyboards may come as different characters. */
function plain(password: string): string {
  return password.normalize('NFKC');
}
