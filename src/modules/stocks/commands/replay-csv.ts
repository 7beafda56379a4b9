/**
 * Replays a file of trades: it is read twice, first to check every row, then to store them. If a row is bad, none is stored;
 * however often the replay is started or interrupted, each row is stored once.
 */
import { createHash } from 'node:crypto';
import { CsvReader, type CsvRow } from '#core/csv.ts';
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import { type TradeColumns, tradeColumnsOf, tradeOfRow } from '../domain/csv-trades.ts';
import type { IncomingTrade } from '../domain/incoming.ts';
import { type CodeOwners, refusedCompany } from '../domain/instruments.ts';
import { maxOutsideCompanies } from '../store/outside-companies.ts';
import { beginReplay, storeReplayed } from '../store/replay.ts';

export interface CsvFile {
  /** As the user named it. */
  readonly name: string;
  /** The whole content, from the start, in pieces. */
  read(): AsyncIterable<Uint8Array>;
  /** Whether it was written to since it was opened. */
  hasChanged(): Promise<boolean>;
}

export interface ReplayRules {
  readonly owners: CodeOwners;
  /** The company of all rows, whatever the file says. */
  readonly company: string | undefined;
  readonly now: number;
}

export interface CheckedFile {
  /** Names the content and how it is read, not the file: a copy of it is the same replay. */
  readonly id: string;
  readonly trades: number;
  readonly companies: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Progress {
  /** Bytes when checking, trades when storing. */
  readonly done: number;
  /** Why it waits, when it does. */
  readonly waitsFor?: string;
}

export interface Watching {
  /** Ends the work between two pieces. */
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

const maxErrors = 20;

/** Reads all of the file; throws `invalid_input` with the first errors and how many there are, by line. */
export async function checkCsv(file: CsvFile, rules: ReplayRules, { signal, report }: Watching): Promise<CheckedFile> {
  const hash = createHash('sha256');
  const companies = new Set<string>();
  const refused = new Set<string>();
  const errors: ErrorDetail[] = [];
  let bad = 0;
  let rows = 0;
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  const complain = (error: ErrorDetail) => {
    if (errors.length < maxErrors) errors.push(error);
  };

  const observe = (piece: Uint8Array, done: number) => {
    hash.update(piece);
    report({ done });
  };
  for await (const piece of tradesOf(file, rules, signal, observe))
    for (const { line, trade } of piece) {
      rows += 1;
      if ('message' in trade) {
        bad += 1;
        complain(trade);
        continue;
      }
      const { company, at } = trade;
      const reason = companies.has(company) ? undefined : refusedCompany(company, rules.owners, `line ${line}`);
      if (reason !== undefined) {
        bad += 1;
        // Once for the company: a line for each of its trades would hide what else is wrong.
        if (!refused.has(company)) complain({ ...reason, message: `${reason.message} (--company)` });
        refused.add(company);
        continue;
      }
      companies.add(company);
      if (companies.size > maxOutsideCompanies)
        throw badFile(file, `has trades of more than ${maxOutsideCompanies} companies: check the column company`, []);
      firstAt = Math.min(firstAt, at);
      lastAt = Math.max(lastAt, at);
    }
  if (bad > 0)
    throw badFile(
      file,
      `${bad} of ${rows} rows are not valid${bad > errors.length ? '; the first errors are listed' : ''}; nothing was stored`,
      errors,
    );
  if (rows === 0) throw badFile(file, 'holds no trades: it needs a header and a row', []);
  return {
    id: rules.company === undefined ? hash.digest('hex') : `${hash.digest('hex')}@${rules.company}`,
    trades: rows,
    companies: companies.size,
    firstAt,
    lastAt,
  };
}

function badFile({ name }: CsvFile, message: string, details: readonly ErrorDetail[]): KontorError {
  return new KontorError('invalid_input', `${name}: ${message}`, { details });
}

export interface ReplayPace {
  /** How many times faster than it happened. */
  readonly speed: number | 'max';
}

export interface Replayed {
  /** Trades that earlier runs had stored. */
  readonly before: number;
  readonly stored: number;
  /** False when it was interrupted. */
  readonly finished: boolean;
}

export type ReplayPorts = Pick<Ports, 'state' | 'clock' | 'random'>;

/** Trades stored in one transaction. */
const maxChunk = 40_000;
/** Trades due within so short a time are stored together. */
const paceMs = 50;
/** The longest single sleep; a night without trades takes several. */
const longestSleepMs = 3_600_000;
const firstRetryMs = 50;
const maxRetryMs = 2_000;
/** How long it waits for room, or for a failing store, before it gives up; what was stored stays, and a new run continues. */
const maxStallMs = 120_000;

/** Stores what is not stored yet of a file that `checkCsv` found good. */
export async function replayCsv(
  ports: ReplayPorts,
  file: CsvFile,
  checked: CheckedFile,
  rules: ReplayRules & ReplayPace,
  watching: Watching,
): Promise<Replayed> {
  const { state, clock } = ports;
  const before = await state.write((queries) => beginReplay(queries, checked.id, checked.trades, clock.now()));
  if (before >= checked.trades) return { before, stored: 0, finished: true };

  const pace = new Pace(ports, rules.speed);
  let chunk: IncomingTrade[] = [];
  let seen = 0;
  let stored = before;
  const store = async () => {
    if (chunk.length === 0) return;
    if (await file.hasChanged()) throw changed(file);
    if (!(await storeChunk(ports, { id: checked.id, from: stored, trades: chunk }, rules.owners, watching))) return;
    stored += chunk.length;
    chunk = [];
    watching.report({ done: stored });
  };
  const result = (finished: boolean): Replayed => ({ before, stored: stored - before, finished });

  for await (const piece of tradesOf(file, rules, watching.signal))
    for (const { trade } of piece) {
      if ('message' in trade) throw changed(file);
      seen += 1;
      if (seen <= before) continue;
      if (pace.dueInMs(trade.at) > paceMs) {
        await store();
        if (watching.signal.aborted) return result(false);
        await pace.waitFor(trade.at, watching.signal);
        if (watching.signal.aborted) return result(false);
      }
      chunk.push(trade);
      if (chunk.length >= maxChunk) await store();
      if (watching.signal.aborted) return result(false);
    }
  if (watching.signal.aborted) return result(false);
  if (seen !== checked.trades) throw changed(file);
  await store();
  return result(stored === checked.trades);
}

function changed({ name }: CsvFile): KontorError {
  return new KontorError(
    'conflict',
    `${name} was changed while it was replayed: what was stored stays; put the file back as it was and run it again`,
  );
}

/** Stores the trades from number `from` on, with how far the replay has come; tries again while there is no room. False when interrupted. */
async function storeChunk(
  { state, clock, random }: ReplayPorts,
  chunk: { readonly id: string; readonly from: number; readonly trades: readonly IncomingTrade[] },
  owners: CodeOwners,
  { signal, report }: Watching,
): Promise<boolean> {
  const startedMs = clock.monotonicMs();
  for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, maxRetryMs)) {
    try {
      await state.write((queries) => storeReplayed(queries, chunk, owners, clock.now()));
      return true;
    } catch (error) {
      if (!(error instanceof KontorError && error.retryable)) throw error;
      if (signal.aborted) return false;
      if (clock.monotonicMs() - startedMs > maxStallMs) {
        throw new KontorError(
          error.code,
          `no progress for ${maxStallMs / 1_000} seconds after ${chunk.from} trades (${error.message}): see that the house is running, and run the same again to continue`,
          { cause: error },
        );
      }
      report({ done: chunk.from, waitsFor: error.message });
      await clock.sleep(retryMs * (0.5 + random.float() / 2), signal);
    }
  }
}

/** When trades are due: as far apart as they were, divided by the speed, counted from the first that is stored. */
class Pace {
  readonly #ports: ReplayPorts;
  readonly #speed: number | 'max';
  #first: { readonly at: number; readonly startedMs: number } | undefined;

  constructor(ports: ReplayPorts, speed: number | 'max') {
    this.#ports = ports;
    this.#speed = speed;
  }

  dueInMs(at: number): number {
    if (this.#speed === 'max') return 0;
    const nowMs = this.#ports.clock.monotonicMs();
    this.#first ??= { at, startedMs: nowMs };
    return this.#first.startedMs + (at - this.#first.at) / this.#speed - nowMs;
  }

  async waitFor(at: number, signal: AbortSignal): Promise<void> {
    for (let dueMs = this.dueInMs(at); dueMs > 0 && !signal.aborted; dueMs = this.dueInMs(at)) {
      await this.#ports.clock.sleep(Math.min(dueMs, longestSleepMs), signal);
    }
  }
}

interface ReadTrade {
  readonly line: number;
  readonly trade: IncomingTrade | ErrorDetail;
}

/** The file's trades piece by piece (awaiting each trade would cost more than reading it), or what is wrong with each; ends early when `signal` aborts. */
async function* tradesOf(
  file: CsvFile,
  rules: ReplayRules,
  signal: AbortSignal,
  observe: (piece: Uint8Array, bytesRead: number) => void = () => {},
): AsyncGenerator<Iterable<ReadTrade>> {
  const reader = new CsvReader();
  let columns: TradeColumns | undefined;
  let bytesRead = 0;
  function* tradesIn(rows: readonly CsvRow[]): Generator<ReadTrade> {
    for (const row of rows) {
      if (columns) yield { line: row.line, trade: tradeOfRow(row, columns, rules) };
      else columns = tradeColumnsOf(row, reader.delimiter ?? ',', rules.company);
    }
  }
  for await (const piece of file.read()) {
    if (signal.aborted) return;
    bytesRead += piece.length;
    observe(piece, bytesRead);
    yield tradesIn(reader.read(piece));
  }
  if (!signal.aborted) yield tradesIn(reader.end());
}
