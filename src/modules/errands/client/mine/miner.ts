/** A miner: keeps as many pages under way as it may, and hears of more runs while it fetches. */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { maxAnswersPerMessage, maxMessageBytes, maxRunsPerClaim, maxWaitMs } from '../../domain/desk-limits.ts';
import { pageAnswerOf, pageLimits } from '../../domain/page-answers.ts';
import type { Fetch } from '../../ports/fetch.ts';
import type { DeskLink } from './desk-link.ts';

/** As the desk sends it. */
interface DeskRun {
  readonly lease: string;
  readonly address: string;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly outcome: 'accepted' | 'noted' | 'refused';
  readonly reason: string | null;
}

export interface MinerOptions {
  readonly link: DeskLink;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly machine: string;
  readonly concurrency: number;
  /** Told why the house refuses something, each reason once. */
  onRefused(why: string): void;
}

const version = '1';
/** Runs that wait here for their turn, as a share of those that are fetched: so no slot is empty while the next are claimed. */
const waitingShare = 0.5;
/** Answers wait so long for others. */
const gatherMs = 10;
const messagesAtOnce = 8;
const extendEveryMs = 10_000;
/** How long what is being fetched may take after the miner was told to stop. */
const finishMs = 8_000;
const afterRefusalMs = 2_000;
/** Answers that wait for a desk while there is none; their runs go to others anyway. */
const maxGathered = 2_000;

export class Miner {
  readonly #options: MinerOptions;
  readonly #waiting: DeskRun[] = [];
  /** Of all runs that are held: waiting, being fetched, and not yet acknowledged. */
  readonly #held = new Set<string>();
  readonly #abandon = new AbortController();
  readonly #told = new Set<string>();
  readonly #counts = { accepted: 0, noted: 0, refused: 0 };
  #answers: Readonly<Record<string, unknown>>[] = [];
  #fetching = 0;
  #messages = 0;
  #sending = false;
  #stopping = false;
  #startedMs = 0;
  #room = Promise.withResolvers<void>();
  #idle: PromiseWithResolvers<void> | undefined;
  #fatal: PromiseWithResolvers<never> = Promise.withResolvers();

  constructor(options: MinerOptions) {
    this.#options = options;
  }

  /** Until the signal aborts: then it finishes what it can, and gives the rest back. Rejects when the house refuses it for good. */
  async run(signal: AbortSignal): Promise<void> {
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#fatal.promise.catch(() => {});
    const extending = this.#extendUntil(signal);
    await Promise.race([this.#claimUntil(signal), this.#fatal.promise]);
    await this.#finish();
    await extending;
  }

  progress(): string {
    const seconds = Math.max(0.001, (this.#options.clock.monotonicMs() - this.#startedMs) / 1_000);
    const { accepted, noted } = this.#counts;
    const speed = ((accepted + noted) / seconds).toFixed(0);
    return `${speed} pages/s · ${accepted} coins earned · ${noted} failed · ${this.#fetching} under way`;
  }

  summary(): string {
    const { accepted, noted, refused } = this.#counts;
    return `${accepted} pages accepted, a coin each when they are settled; ${noted} could not be fetched; ${refused} answers were refused`;
  }

  async #claimUntil(signal: AbortSignal): Promise<void> {
    const { link, clock, machine, concurrency } = this.#options;
    const most = Math.ceil(concurrency * (1 + waitingShare));
    while (!signal.aborted) {
      const free = most - this.#waiting.length - this.#fetching;
      if (free <= 0 || this.#answers.length >= maxGathered) {
        this.#room = Promise.withResolvers();
        await Promise.race([this.#room.promise, aborted(signal)]);
        continue;
      }
      try {
        await link.open(signal);
        const ask = { machine, version, concurrency, max: Math.min(free, maxRunsPerClaim), waitMs: maxWaitMs };
        const claim = link.ask<{ readonly runs: readonly DeskRun[] }>('claim', ask);
        const answer = await Promise.race([claim, aborted(signal)]);
        // Told to stop while it waits: what comes is given back.
        if (answer === undefined) void claim.then(({ runs }) => this.#giveBack(runs.map(({ lease }) => lease))).catch(() => {});
        else this.#take(answer.runs);
      } catch (error) {
        if (signal.aborted) return;
        await this.#handle(error, clock, signal);
      }
    }
  }

  async #handle(error: unknown, clock: Clock, signal: AbortSignal): Promise<void> {
    if (!(error instanceof KontorError)) throw error;
    if (!error.retryable && error.code !== 'internal') throw error;
    if (error.code !== 'unavailable') this.#tell(error.message);
    await clock.sleep(error.code === 'unavailable' ? gatherMs : afterRefusalMs, signal);
  }

  #take(runs: readonly DeskRun[]): void {
    for (const run of runs) {
      this.#held.add(run.lease);
      this.#waiting.push(run);
    }
    this.#fetchMore();
  }

  #fetchMore(): void {
    while (this.#fetching < this.#options.concurrency) {
      const run = this.#waiting.shift();
      if (run === undefined) return;
      this.#fetching += 1;
      void this.#fetchOne(run);
    }
  }

  /** Never rejects. */
  async #fetchOne({ lease, address, method, headers }: DeskRun): Promise<void> {
    const { fetch, clock } = this.#options;
    const outcome = await fetch.fetch({ address, method, headers, limits: pageLimits }, this.#abandon.signal);
    this.#fetching -= 1;
    // Given back when the miner stops.
    if (!this.#abandon.signal.aborted) {
      const answer = pageAnswerOf(outcome, clock.now());
      this.#answers.push(
        'failure' in answer ? { lease, failure: answer.failure } : { ...answer, lease, body: answer.body.toString('base64') },
      );
      this.#gather();
    }
    if (!this.#stopping) this.#fetchMore();
    this.#room.resolve();
    this.#look();
  }

  #gather(): void {
    if (this.#sending || this.#messages >= messagesAtOnce) return;
    this.#sending = true;
    const waits = this.#answers.length >= maxAnswersPerMessage ? 0 : gatherMs;
    void this.#options.clock.sleep(waits).then(() => {
      this.#sending = false;
      while (this.#answers.length > 0 && this.#messages < messagesAtOnce) void this.#send(this.#nextMessage());
    });
  }

  #nextMessage(): readonly Readonly<Record<string, unknown>>[] {
    let bytes = 1_024;
    let count = 0;
    for (const { body, finalAddress } of this.#answers.slice(0, maxAnswersPerMessage)) {
      bytes += 1_024 + String(body ?? '').length + String(finalAddress ?? '').length;
      if (count > 0 && bytes > maxMessageBytes) break;
      count += 1;
    }
    return this.#answers.splice(0, count);
  }

  /** Again and again until a desk has answered it: the house gives the same answer as before. */
  async #send(answers: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const { link, clock, machine } = this.#options;
    this.#messages += 1;
    const leases = answers.map(({ lease }) => String(lease));
    try {
      // When it stops, it asks a few times more.
      for (let tries = 0; tries < 5 || !this.#stopping; tries += 1) {
        try {
          await link.open(this.#abandon.signal);
          const { outcomes } = await link.ask<{ readonly outcomes: readonly Outcome[] }>('complete', { machine, answers });
          for (const { outcome, reason } of outcomes) this.#count(outcome, reason);
          return;
        } catch (error) {
          await this.#handle(error, clock, this.#abandon.signal);
        }
      }
    } catch (error) {
      this.#fatal.reject(error);
    } finally {
      for (const lease of leases) this.#held.delete(lease);
      this.#messages -= 1;
      if (this.#answers.length > 0) this.#gather();
      this.#look();
    }
  }

  #count(outcome: Outcome['outcome'], reason: string | null): void {
    this.#counts[outcome] += 1;
    if (outcome === 'refused') this.#tell(`the house refused an answer: ${reason}`);
  }

  #tell(why: string): void {
    if (this.#told.has(why)) return;
    this.#told.add(why);
    this.#options.onRefused(why);
  }

  /** Leases end after 30 seconds, and a slow page may take as long. */
  async #extendUntil(signal: AbortSignal): Promise<void> {
    const { link, clock } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(extendEveryMs, signal);
      const leases = [...this.#held].slice(0, 1_000);
      if (signal.aborted || leases.length === 0) continue;
      await link.ask('extend', { leases }).catch(() => {});
    }
  }

  async #finish(): Promise<void> {
    this.#stopping = true;
    const { clock } = this.#options;
    await this.#giveBack(this.#waiting.splice(0).map(({ lease }) => lease));
    await Promise.race([this.#untilIdle(), clock.sleep(finishMs, this.#abandon.signal)]);
    this.#abandon.abort('stopping');
    await this.#giveBack([...this.#held]);
  }

  async #giveBack(leases: readonly string[]): Promise<void> {
    for (const lease of leases) this.#held.delete(lease);
    if (leases.length > 0) await this.#options.link.ask('release', { leases }).catch(() => {});
  }

  #untilIdle(): Promise<void> {
    this.#idle = Promise.withResolvers();
    this.#look();
    return this.#idle.promise;
  }

  #look(): void {
    if (this.#fetching === 0 && this.#messages === 0 && this.#answers.length === 0) this.#idle?.resolve();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
