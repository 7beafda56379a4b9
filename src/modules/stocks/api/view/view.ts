/** The market in memory: follows Results, and holds each company's summary and when it last changed. */
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { dayFigures, dayWindow, maxDayHours, maxDayMinutes } from '../../domain/day.ts';
import type { Bar, Batch, Cursor, Results } from '../../ports/results.ts';
import type { CompanySummary } from '../schemas.ts';
import { inGroups } from './in-groups.ts';
import { companySummary } from './shapes.ts';

/** The shortest and, where no hint comes, the longest time between two reads of Results while there are viewers. */
const refreshMs = 20;
const watchedPollMs = 200;
/** Without viewers, this often is enough. */
const idlePollMs = 1_000;
const idleAfterMs = 5_000;
/** The greatest age of the day's figures of a company that trades; of one that does not, it is `quietDayMs`. */
const dayRefreshMs = 1_000;
const quietDayMs = 60_000;
const epochCheckMs = 5_000;
/** Reads under way at once, and companies whose day is read again in one refresh. */
const readsAtOnce = 16;
const maxDaysPerRefresh = 64;
/** A thousand companies that begin at once must not hold up the prices of all others. */
const maxNewPerRefresh = 64;
/** Changes remembered for clients that return: some 20 s of them at full speed. */
const defaultMaxMarks = 1_024;
/**
 * A returning client gets everything that changed up to this long before its position. Two instances may read the same
 * position a moment apart, with different figures of the day; this is longer than such moments.
 */
const resumeOverlapMs = 3 * dayRefreshMs;
const rateSampleMs = 500;
const rateSamples = 11;

interface Entry {
  readonly cursor: Cursor;
  readonly newestBatch: Batch | undefined;
  readonly day: DayBars;
  readonly summary: CompanySummary;
  /** The summary as JSON: made once, sent to every client. */
  readonly json: string;
  /** The view's revision in which this summary appeared. */
  readonly revision: number;
}

interface DayBars {
  readonly minutes: readonly Bar[];
  readonly minutesReadAtMs: number;
  readonly hours: readonly Bar[];
  readonly hoursFrom: number;
  /** The bars hold every trade up to here. */
  readonly position: number;
  readonly readAtMs: number;
}

interface Mark {
  readonly pos: number;
  readonly revision: number;
  readonly atMs: number;
}

export interface MarketViewOptions {
  readonly results: Results;
  readonly clock: Clock;
  readonly log: Log;
  /** The companies whose trades a publisher makes, in whichever process. */
  readonly readSimulated: () => Promise<ReadonlySet<string>>;
  /** Companies that will trade when the publisher runs. */
  readonly expected: readonly string[];
  /** Companies that are not listed any more; read every few seconds. */
  readonly readRetired?: () => Promise<ReadonlySet<string>>;
  readonly maxMarks?: number;
}

export class MarketView {
  readonly #results: Results;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #readSimulated: () => Promise<ReadonlySet<string>>;
  readonly #expected: ReadonlySet<string>;
  readonly #readRetired: () => Promise<ReadonlySet<string>>;
  readonly #maxMarks: number;
  readonly #stopping = new AbortController();
  #simulated: ReadonlySet<string> = new Set();
  #entries = new Map<string, Entry>();
  #sorted: readonly Entry[] = [];
  #marks: Mark[] = [beginning(0)];
  #samples: { pos: number; atMs: number }[] = [];
  #retired: ReadonlySet<string> = new Set();
  #listedSince = 0;
  #epoch: string | undefined;
  #epochCheckedAtMs = Number.NEGATIVE_INFINITY;
  #pos = 0;
  #revision = 0;
  #lookedAtMs: number;
  #hinted = false;
  #pause = new AbortController();
  #following: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(options: MarketViewOptions) {
    this.#results = options.results;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#readSimulated = options.readSimulated;
    this.#expected = new Set(options.expected);
    this.#readRetired = options.readRetired ?? (async () => new Set<string>());
    this.#maxMarks = options.maxMarks ?? defaultMaxMarks;
    this.#lookedAtMs = options.clock.monotonicMs();
  }

  /** Names the set of results that is shown; undefined until the first load is done. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** Sum of all companies' positions: trades counted. Means the same on every instance. */
  get pos(): number {
    return this.#pos;
  }

  /** Grows with every change; has a meaning on this instance only. */
  get revision(): number {
    return this.#revision;
  }

  /** The revision in which companies were retired or came back; changes since an older one do not tell which. */
  get listedSince(): number {
    return this.#listedSince;
  }

  /** Why Results could not be read the last time; undefined when all is well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  summaries(): readonly CompanySummary[] {
    return this.#sorted.map((entry) => entry.summary);
  }

  /** The next companies after a code, each with its summary as JSON. */
  listed(after: string, limit: number): readonly { readonly company: string; readonly json: string }[] {
    const start = this.#sorted.findIndex(({ cursor }) => cursor.company > after);
    const some = start === -1 ? [] : this.#sorted.slice(start, start + limit);
    return some.map(({ cursor: { company }, json }) => ({ company, json }));
  }

  summary(company: string): CompanySummary | undefined {
    return this.#entries.get(company)?.summary;
  }

  /** Whether the company has traded, or will when the publisher runs. */
  knows(company: string): boolean {
    return this.#entries.has(company) || this.#expected.has(company);
  }

  /** The number of the company's newest closed batch; 0 for none. */
  batches(company: string): number {
    return this.#entries.get(company)?.cursor.batches ?? 0;
  }

  /** The summaries, by company, that changed after `revision`, each as JSON. */
  jsonChangedAfter(revision: number): readonly string[] {
    const changed: string[] = [];
    for (const entry of this.#sorted) if (entry.revision > revision) changed.push(entry.json);
    return changed;
  }

  /**
   * The revision after which changes are new to a client that has seen `pos`: `later` when this instance is not there yet,
   * undefined when it is too long ago to know.
   */
  revisionAt(pos: number): number | 'later' | undefined {
    if (pos > this.#pos) return 'later';
    // A client that has seen `pos` has seen everything from before it was counted.
    const seen = this.#marks.findLast((mark) => mark.pos < pos);
    if (seen === undefined) return undefined;
    return this.#marks.findLast((mark) => mark.atMs <= seen.atMs - resumeOverlapMs)?.revision;
  }

  /** Trades counted a second, over the last five seconds. */
  tradesPerSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
    return Math.round(((last.pos - first.pos) * 1_000) / (last.atMs - first.atMs));
  }

  /** There is a viewer: the view is kept as fresh as possible for the next seconds. */
  look(): void {
    const wasIdle = this.#isIdle();
    this.#lookedAtMs = this.#clock.monotonicMs();
    if (wasIdle) this.#pause.abort('news');
  }

  /** Begins to follow Results; failures are logged, shown by `failure`, and tried again. */
  start(): void {
    this.#following ??= this.#follow(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#pause.abort('news');
    await this.#following;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const unhook = this.#results.onChange(() => {
      this.#hinted = true;
      if (!this.#isIdle()) this.#pause.abort('news');
    });
    try {
      while (!signal.aborted) {
        const startedMs = this.#clock.monotonicMs();
        this.#hinted = false;
        try {
          await this.refresh();
          if (this.#failure !== undefined) this.#log.info({}, 'the live view can read the results again');
          this.#failure = undefined;
        } catch (error) {
          if (signal.aborted) return;
          const message = error instanceof Error ? error.message : String(error);
          if (message !== this.#failure)
            this.#log.warn({ err: error }, 'the live view cannot read the results; it shows the last ones and tries again');
          this.#failure = message;
          await this.#clock.sleep(idlePollMs, signal);
          continue;
        }
        // Slow results rest for as long as they took, so that the view never takes most of their time.
        const tookMs = this.#clock.monotonicMs() - startedMs;
        await this.#clock.sleep(Math.max(refreshMs - tookMs, tookMs), signal);
        await this.#restUntilNews(signal);
      }
    } finally {
      unhook();
    }
  }

  async #restUntilNews(signal: AbortSignal): Promise<void> {
    this.#pause = new AbortController();
    const idle = this.#isIdle();
    if (signal.aborted || (this.#hinted && !idle)) return;
    await this.#clock.sleep(idle ? idlePollMs : watchedPollMs, this.#pause.signal);
  }

  #isIdle(): boolean {
    return this.#clock.monotonicMs() - this.#lookedAtMs > idleAfterMs;
  }

  /** Reads what moved, and shows all of it at once. */
  async refresh(): Promise<void> {
    const atMs = this.#clock.monotonicMs();
    const epoch = await this.#checkEpoch(atMs);
    const cursors = await this.#results.cursors();
    const due = this.#dueEntries(cursors, atMs);
    // Who makes the trades of a tape is written down before the first of them, and stays.
    if (due.some(({ entry }) => entry === undefined)) this.#simulated = await this.#readSimulated();
    const read = await inGroups(due, readsAtOnce, (item) => this.#read(item, atMs));

    this.#epoch = epoch;
    this.#show(read, atMs);
  }

  async #checkEpoch(atMs: number): Promise<string> {
    if (this.#epoch !== undefined && atMs - this.#epochCheckedAtMs < epochCheckMs) return this.#epoch;
    const [epoch, retired] = await Promise.all([this.#results.epoch(), this.#readRetired()]);
    this.#epochCheckedAtMs = atMs;
    this.#retire(retired);
    if (this.#epoch !== undefined && epoch !== this.#epoch) {
      this.#log.warn({ epoch }, 'the results are another set than before: the live view starts over');
      this.#epoch = undefined;
      this.#entries = new Map();
      this.#sorted = [];
      this.#marks = [beginning(this.#revision)];
      this.#samples = [];
      this.#pos = 0;
    }
    return epoch;
  }

  /** Retired companies are counted and can be read, but are not listed. */
  #retire(retired: ReadonlySet<string>): void {
    const same = retired.size === this.#retired.size && [...retired].every((company) => this.#retired.has(company));
    if (same) return;
    this.#retired = retired;
    this.#sorted = this.#sortedEntries();
    this.#revision += 1;
    this.#listedSince = this.#revision;
  }

  #sortedEntries(): readonly Entry[] {
    const listed = [...this.#entries.values()].filter(({ cursor }) => !this.#retired.has(cursor.company));
    return listed.sort((a, b) => (a.cursor.company < b.cursor.company ? -1 : 1));
  }

  /** Companies that traded since the last refresh, and those whose figures of the day are due. */
  #dueEntries(cursors: readonly Cursor[], atMs: number): readonly DueEntry[] {
    const due: DueEntry[] = [];
    let days = 0;
    let added = 0;
    for (const cursor of cursors) {
      const entry = this.#entries.get(cursor.company);
      if (entry === undefined) {
        // The first figures are shown together.
        if (this.#epoch !== undefined && added >= maxNewPerRefresh) continue;
        added += 1;
      }
      const moved = entry === undefined || cursor.position > entry.cursor.position;
      const readDay = entry === undefined || (days < maxDaysPerRefresh && isDayDue(entry.day, cursor, atMs));
      if (readDay) days += 1;
      if (moved || readDay) due.push({ cursor: moved || entry === undefined ? cursor : entry.cursor, entry, readDay });
    }
    return due;
  }

  async #read({ cursor, entry, readDay }: DueEntry, atMs: number): Promise<ReadEntry> {
    const [newestBatch, day] = await Promise.all([
      this.#newestBatch(cursor, entry),
      readDay || entry === undefined ? this.#dayBars(cursor, entry?.day, atMs) : entry.day,
    ]);
    return { cursor, newestBatch, day };
  }

  /** By number, not the newest there is: so that it fits the cursor that was read a moment ago. */
  async #newestBatch(cursor: Cursor, entry: Entry | undefined): Promise<Batch | undefined> {
    if (cursor.batches === 0) return undefined;
    if (entry?.cursor.batches === cursor.batches) return entry.newestBatch;
    const [batch] = await this.#results.batchesAfter(cursor.company, cursor.batches - 1, 1);
    return batch;
  }

  async #dayBars({ company, position }: Cursor, known: DayBars | undefined, atMs: number): Promise<DayBars> {
    const { from, hoursFrom, to } = dayWindow(this.#clock.now());
    const minutesAreFresh = known !== undefined && known.hoursFrom === hoursFrom && atMs - known.minutesReadAtMs < quietDayMs;
    const [minutes, hours] = await Promise.all([
      minutesAreFresh
        ? known.minutes
        : this.#results.bars({ company, interval: '1m', from, to: hoursFrom, limit: maxDayMinutes, take: 'newest' }),
      this.#results.bars({ company, interval: '1h', from: hoursFrom, to, limit: maxDayHours, take: 'newest' }),
    ]);
    return { minutes, minutesReadAtMs: minutesAreFresh ? known.minutesReadAtMs : atMs, hours, hoursFrom, position, readAtMs: atMs };
  }

  #show(read: readonly ReadEntry[], atMs: number): void {
    const now = this.#clock.now();
    const window = dayWindow(now);
    const revision = this.#revision + 1;
    let changed = false;
    let added = false;
    for (const { cursor, newestBatch, day } of read) {
      const before = this.#entries.get(cursor.company);
      const figures = dayFigures(day.minutes, day.hours, window);
      const summary = companySummary({ cursor, newestBatch, day: figures, simulated: this.#simulated.has(cursor.company), now });
      const json = JSON.stringify(summary);
      const same = before?.json === json;
      this.#entries.set(cursor.company, { cursor, newestBatch, day, summary, json, revision: same ? before.revision : revision });
      this.#pos += cursor.position - (before?.cursor.position ?? 0);
      changed ||= !same;
      added ||= before === undefined;
    }
    if (read.length > 0)
      this.#sorted = added ? this.#sortedEntries() : this.#sorted.map((entry) => this.#entries.get(entry.cursor.company) ?? entry);
    if (changed) {
      this.#revision = revision;
      this.#marks.push({ pos: this.#pos, revision, atMs });
      if (this.#marks.length > this.#maxMarks) this.#marks.shift();
    }
    this.#sample(atMs);
  }

  #sample(atMs: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && atMs - last.atMs < rateSampleMs) return;
    this.#samples.push({ pos: this.#pos, atMs });
    if (this.#samples.length > rateSamples) this.#samples.shift();
  }
}

interface DueEntry {
  readonly cursor: Cursor;
  readonly entry: Entry | undefined;
  readonly readDay: boolean;
}

interface ReadEntry {
  readonly cursor: Cursor;
  readonly newestBatch: Batch | undefined;
  readonly day: DayBars;
}

/** Before anything was shown; all that is shown came after it. */
function beginning(revision: number): Mark {
  return { pos: -1, revision, atMs: Number.NEGATIVE_INFINITY };
}

function isDayDue(day: DayBars, cursor: Cursor, atMs: number): boolean {
  return atMs - day.readAtMs >= (cursor.position > day.position ? dayRefreshMs : quietDayMs);
}
