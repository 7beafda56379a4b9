/** Passwords as argon2id hashes, a bounded number at a time. */
import { refuse } from '#core/refuse.ts';
import { type Passwords, plainPassword } from '../domain/passwords.ts';
import { peopleRefusals } from '../refusals.ts';

/** What is used of argon2. */
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
  /** Called for the first password: a process that sees none does not load argon2. */
  readonly load?: () => Promise<Hashing>;
  readonly maxWaiting?: number;
}

/** The recommendation of OWASP's password storage guide; some 40 ms on a small machine. */
const recommendedCost: HashingCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each takes a thread and 19 MiB for its time. */
const maxAtOnce = 2;
const defaultMaxWaiting = 64;

export function openPasswords(options: PasswordsOptions = {}): Passwords {
  const { cost = recommendedCost, maxWaiting = defaultMaxWaiting, load = () => import('@node-rs/argon2') } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  let decoy: Promise<string> | undefined;

  async function inTurn<Result>(work: (hashing: Hashing) => Promise<Result>): Promise<Result> {
    if (running < maxAtOnce) running += 1;
    else if (waiting.length < maxWaiting) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw refuse(peopleRefusals, 'many-logins');
    try {
      return await work(await load());
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  /** A hash of no account's password, to compare with where there is no account. */
  async function decoyHash(): Promise<string> {
    decoy ??= inTurn((hashing) => hashing.hash('the password of no account', cost));
    try {
      return await decoy;
    } catch (error) {
      decoy = undefined;
      throw error;
    }
  }

  return {
    hash: (password) => inTurn((hashing) => hashing.hash(plainPassword(password), cost)),
    async verify(stored, password) {
      // Made before any comparison, also where it is not needed: only the first of a process waits for it, and that tells nothing.
      const other = await decoyHash();
      const right = await inTurn((hashing) => hashing.verify(stored ?? other, plainPassword(password)));
      return right && stored !== undefined;
    },
  };
}
