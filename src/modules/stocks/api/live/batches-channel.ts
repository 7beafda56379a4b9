/** The channel `batches:CODE`: every closed batch of a company in order, never conflated and never left out. */
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Batch, Results } from '../../ports/results.ts';
import { batchView } from '../view/shapes.ts';
import type { MarketView } from '../view/view.ts';
import type { Channel, Place, Since, Step } from './channel.ts';
import { deltaFrame, SharedSteps, snapFrame } from './channel.ts';

export const snapshotBatches = 50;
/** Batches in one message, and read at once. */
export const maxBatchesPerDelta = 500;
/** Newest batches kept in memory while the company has subscribers; clients further back are served from Results. */
const maxRecent = 1_000;
/** Places further back that are served at the same time; beyond it, the least recent one is read again. */
const maxPages = 16;
const retryMs = 1_000;

interface RecentBatch {
  readonly number: number;
  readonly json: string;
}

/** A run of batches read for clients at `base`; `gone` when retention has removed the one after it. */
type Page = 'reading' | 'gone' | Step;

export interface BatchesChannelOptions {
  readonly company: string;
  readonly view: MarketView;
  readonly results: Results;
  readonly clock: Clock;
  readonly log: Log;
}

export class BatchesChannel implements Channel {
  readonly #company: string;
  readonly #name: string;
  readonly #view: MarketView;
  readonly #results: Results;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Steps out of `#recent`, until another batch closes. */
  readonly #steps = new SharedSteps();
  readonly #pages = new Map<number, Page>();
  #epoch: string | undefined;
  /** Without holes, oldest first. Undefined until read for the first time. */
  #recent: RecentBatch[] | undefined;
  #reading = false;
  #retryAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: BatchesChannelOptions) {
    this.#company = options.company;
    this.#name = `batches:${options.company}`;
    this.#view = options.view;
    this.#results = options.results;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  resume(since: Since): Place | 'later' | undefined {
    if (this.#view.epoch === undefined) return 'later';
    if (since.epoch !== this.#view.epoch) return undefined;
    if (since.pos > this.#view.batches(this.#company)) return 'later';
    return { ...since, revision: 0 };
  }

  next(place: Place | undefined): Step | undefined {
    const epoch = this.#view.epoch;
    if (epoch === undefined) return undefined;
    if (epoch !== this.#epoch) this.#startOver(epoch);
    this.#readOn();
    if (this.#recent === undefined) return undefined;
    if (place?.epoch !== epoch) return this.#snap(epoch, this.#recent);
    return this.#after(place.pos, epoch, this.#recent);
  }

  #startOver(epoch: string): void {
    this.#epoch = epoch;
    this.#recent = undefined;
    this.#steps.clear();
    this.#pages.clear();
  }

  #snap(epoch: string, recent: readonly RecentBatch[]): Step {
    const place = { epoch, pos: recent.at(-1)?.number ?? 0, revision: 0 };
    return this.#steps.get('snap', () => ({
      frame: snapFrame(this.#name, place, jsonOf(recent.slice(-snapshotBatches))),
      place,
      more: false,
    }));
  }

  #after(base: number, epoch: string, recent: readonly RecentBatch[]): Step | undefined {
    const first = recent[0];
    const last = recent.at(-1);
    if (first === undefined || last === undefined || base >= last.number) return undefined;
    if (base + 1 < first.number) return this.#page(base, epoch, recent);
    return this.#steps.get(String(base), () => {
      const start = base + 1 - first.number;
      return this.#delta(base, epoch, recent.slice(start, start + maxBatchesPerDelta), last.number);
    });
  }

  #delta(base: number, epoch: string, batches: readonly RecentBatch[], newest: number): Step {
    const pos = batches.at(-1)?.number ?? base;
    return { frame: deltaFrame(this.#name, base, pos, jsonOf(batches)), place: { epoch, pos, revision: 0 }, more: pos < newest };
  }

  #page(base: number, epoch: string, recent: readonly RecentBatch[]): Step | undefined {
    const page = this.#pages.get(base);
    if (page === 'reading') return undefined;
    if (page === 'gone') return this.#snap(epoch, recent);
    if (page !== undefined) return page;
    if (this.#clock.monotonicMs() < this.#retryAtMs) return undefined;
    if (this.#pages.size >= maxPages && !this.#forgetOldestPage()) return undefined;
    this.#pages.set(base, 'reading');
    this.#results.batchesAfter(this.#company, base, maxBatchesPerDelta).then(
      (batches) => {
        if (this.#epoch === epoch) this.#pages.set(base, this.#readPage(base, epoch, batches));
      },
      (error: unknown) => {
        this.#pages.delete(base);
        this.#failed(error);
      },
    );
    return undefined;
  }

  #readPage(base: number, epoch: string, batches: readonly Batch[]): Page {
    if (batches[0]?.number !== base + 1) return 'gone';
    return this.#delta(base, epoch, batches.map(recentBatch), this.#view.batches(this.#company));
  }

  #forgetOldestPage(): boolean {
    for (const [base, page] of this.#pages) {
      if (page === 'reading') continue;
      this.#pages.delete(base);
      return true;
    }
    return false;
  }

  /** Brings `#recent` nearer to the newest closed batch, one read at a time. */
  #readOn(): void {
    const newest = this.#view.batches(this.#company);
    const last = this.#recent?.at(-1)?.number ?? 0;
    if (this.#recent !== undefined && last >= newest) return;
    if (this.#reading || this.#clock.monotonicMs() < this.#retryAtMs) return;
    this.#reading = true;
    const epoch = this.#epoch;
    const read =
      this.#recent === undefined
        ? this.#results.newestBatches(this.#company, snapshotBatches)
        : this.#results.batchesAfter(this.#company, last, maxBatchesPerDelta);
    read
      .then((batches) => {
        if (this.#epoch === epoch) this.#append(batches);
      })
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#reading = false;
      });
  }

  #append(batches: readonly Batch[]): void {
    const known = this.#recent ?? [];
    const last = known.at(-1)?.number;
    const follows = last === undefined || batches[0]?.number === last + 1;
    // A hole means that retention overtook this channel: older places are served by pages, which notice it too.
    this.#recent = [...(follows ? known : []), ...batches.map(recentBatch)].slice(-maxRecent);
    this.#steps.clear();
  }

  #failed(error: unknown): void {
    this.#retryAtMs = this.#clock.monotonicMs() + retryMs;
    this.#log.warn({ company: this.#company, err: error }, 'closed batches could not be read for the live view; trying again');
  }
}

function recentBatch(batch: Batch): RecentBatch {
  return { number: batch.number, json: JSON.stringify(batchView(batch)) };
}

function jsonOf(batches: readonly RecentBatch[]): string {
  return `[${batches.map((batch) => batch.json).join(',')}]`;
}
