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

type Asker = 'known' | 'stranger';

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
/** The share of waiting places that strangers may take; the rest is for known askers. */
const strangersShare = 0.75;

/** Some 49,000 of them, in the order in which they are guessed; 5 MB. */
const commonest = async () => (await import('@zxcvbn-ts/language-common')).dictionary['passwords-common'];

export function openPasswords(options: PasswordsOptions = {}): Passwords {
  const { cost = recommendedCost, maxWaiting = defaultMaxWaiting, load = () => import('@node-rs/argon2') } = options;
  const waiting: Readonly<Record<Asker, (() => void)[]>> = { known: [], stranger: [] };
  let common: Promise<ReadonlySet<string>> | undefined;
  let running = 0;
  let decoy: Promise<string> | undefined;

  async function inTurn<Result>(asker: Asker, work: (hashing: Hashing) => Promise<Result>): Promise<Result> {
    const { known, stranger } = waiting;
    const hasRoom = known.length + stranger.length < maxWaiting && (asker === 'known' || stranger.length < maxWaiting * strangersShare);
    if (running < maxAtOnce) running += 1;
    else if (hasRoom) await new Promise<void>((resolve) => waiting[asker].push(resolve));
    else throw refuse(peopleRefusals, 'many-logins');
    try {
      return await work(await load());
    } finally {
      const next = known.shift() ?? stranger.shift();
      if (next) next();
      else running -= 1;
    }
  }

  /** A hash of no account's password, to compare with where there is no account. */
  async function decoyHash(): Promise<string> {
    decoy ??= inTurn('known', (hashing) => hashing.hash('the password of no account', cost));
    try {
      return await decoy;
    } catch (error) {
      decoy = undefined;
      throw error;
    }
  }

  return {
    hash: (password) => inTurn('known', (hashing) => hashing.hash(plainPassword(password), cost)),
    async verify(stored, password, asker = 'stranger') {
      // Made before any comparison, also where it is not needed: only the first of a process waits for it, and that tells nothing.
      const other = await decoyHash();
      const right = await inTurn(asker, (hashing) => hashing.verify(stored ?? other, plainPassword(password)));
      return right && stored !== undefined;
    },
    async isCommon(text) {
      common ??= commonest().then((list) => new Set(list));
      // Read again after a failure.
      common.catch(() => {
        common = undefined;
      });
      return (await common).has(text);
    },
  };
}
