/** The laws of the stocks market: what is true of its books at every committed moment. */
import { type Finding, type Books as HouseBooks, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import { emptyCursor, fold } from './domain/aggregation.ts';
import type { StocksSettings } from './domain/settings.ts';
import { recordBytes, tradeColumns } from './domain/trades.ts';
import { Walk } from './domain/walk.ts';
import type { OwnPorts } from './ports/ports.ts';
import type { Batch, Cursor } from './ports/results.ts';
import { publishedTrades } from './store/published.ts';
import { storedSimulation } from './store/settings.ts';

type Books = HouseBooks & OwnPorts;

const pageBatches = 500;
/** Batches of each company that are checked in the scope of recent ones. */
const recentBatches = 40;

/** Companies that are checked in the scope of recent ones: half of them those that traded last, half of them in turn. */
const recentCompanies = 60;
/** After this long, it is the turn of others. */
const turnMs = 5_000;

export function stocksLaws(options: StocksSettings): readonly Law<OwnPorts>[] {
  return [
    {
      id: 'stocks-1',
      says: 'Per company, trades counted in batches + trades in the open batch = highest sequence number applied, batch numbers have no holes, and nothing is counted that was not published.',
      enforcedBy: 'batches, bars and position are stored in one transaction that compares the position (Results.apply)',
      check: (books, scope) => checkCounts(books, scope),
    },
    {
      id: 'stocks-2',
      says: `Every closed batch holds exactly ${options.batchSize} trades, and equals the recomputation from (seed, company, sequence numbers) where simulated.`,
      enforcedBy: 'the fold that closes a batch (aggregation.ts), and trades that are a pure function (walk.ts)',
      check: (books, scope) => checkBatches(books, scope, options),
    },
  ];
}

async function checkCounts(books: Books, scope: Scope): Promise<Finding> {
  const violations: string[] = [];
  // Cursors first: what is published in between only makes the tape longer.
  const cursors = await books.results.cursors();
  const { ends, exact } = await publishedTrades(books);
  for (const cursor of cursors) {
    violations.push(...wrongInCursor(cursor, exact ? ends.get(cursor.company) : undefined));
    if (scope === 'all') violations.push(...(await wrongInInventory(books, cursor.company)));
  }
  const trades = cursors.reduce((sum, cursor) => sum + cursor.position, 0);
  return { checked: `${cursors.length} companies, ${trades} trades`, violations: violations.slice(0, maxViolations) };
}

function* wrongInCursor(
  { company, position, batches, batchedTrades, batchSize, open }: Cursor,
  published: number | undefined,
): Generator<string> {
  const openTrades = open?.count ?? 0;
  if (batchedTrades + openTrades !== position) {
    yield `${company}: ${batchedTrades} trades in batches and ${openTrades} in the open batch make ${batchedTrades + openTrades}, but ${position} were applied`;
  }
  if (batches * batchSize !== batchedTrades) yield `${company}: ${batches} batches of ${batchSize} cannot hold ${batchedTrades} trades`;
  if (openTrades >= batchSize) yield `${company}: the open batch holds ${openTrades} trades and should have been closed at ${batchSize}`;
  if (published !== undefined && published > 0 && position > published)
    yield `${company}: ${position} trades are counted, but only ${published} were published`;
}

/** The batches are read after the cursor, so they may be ahead of it, never behind. */
async function* inventoryViolations(books: Books, company: string): AsyncGenerator<string> {
  const before = await books.results.load(company);
  const { stored, lowest, highest, misfits } = await books.results.inventory(company);
  const after = await books.results.load(company);
  if (!before || !after) return;
  if (highest < before.batches && stored > 0)
    yield `${company}: ${before.batches} batches were closed, but the newest one stored is ${highest}`;
  if (stored === 0 && before.batches > 0) yield `${company}: ${before.batches} batches were closed, but none is stored`;
  if (highest > after.batches) yield `${company}: batch ${highest} is stored, but only ${after.batches} were closed`;
  if (stored > 0 && stored !== highest - lowest + 1)
    yield `${company}: between batch ${lowest} and ${highest}, ${highest - lowest + 1 - stored} are missing`;
  for (const number of misfits) yield `${company}: batch ${number} does not follow the one before it`;
}

async function wrongInInventory(books: Books, company: string): Promise<readonly string[]> {
  const violations = [];
  for await (const violation of inventoryViolations(books, company)) violations.push(violation);
  return violations;
}

async function checkBatches(books: Books, scope: Scope, options: StocksSettings): Promise<Finding> {
  const violations: string[] = [];
  let batches = 0;
  let recomputed = 0;
  const cursors = await books.results.cursors();
  const checked = scope === 'all' ? cursors : inTurn(cursors, books.clock.now());
  for (const { company } of checked) {
    const recompute = await recomputationFor(books, options, company);
    for await (const page of scope === 'all' ? allBatches(books, company) : recentPages(books, company)) {
      for (const batch of page) {
        batches += 1;
        if (batch.count !== options.batchSize) violations.push(`${company}: batch ${batch.number} holds ${batch.count} trades`);
        if (!recompute) continue;
        recomputed += 1;
        const difference = firstDifference(batch, recompute(batch));
        if (difference) violations.push(`${company}: batch ${batch.number}: ${difference}`);
      }
      if (violations.length >= maxViolations) break;
    }
  }
  return {
    checked: `${batches} batches in ${checked.length} companies, ${recomputed} of them recomputed`,
    violations: violations.slice(0, maxViolations),
  };
}

/** A bounded number of companies, however many there are; all of them after some time. */
function inTurn(cursors: readonly Cursor[], now: number): readonly Cursor[] {
  if (cursors.length <= recentCompanies) return cursors;
  const half = recentCompanies / 2;
  const newest = [...cursors].sort((a, b) => b.lastAt - a.lastAt).slice(0, half);
  const turns = Math.ceil(cursors.length / half);
  const start = (Math.floor(now / turnMs) % turns) * half;
  return [...new Set([...newest, ...cursors.slice(start, start + half)])];
}

async function* allBatches(books: Books, company: string): AsyncGenerator<readonly Batch[]> {
  for (let after = 0; ; ) {
    const page = await books.results.batchesAfter(company, after, pageBatches);
    const last = page.at(-1);
    if (!last) return;
    yield page;
    after = last.number;
  }
}

async function* recentPages(books: Books, company: string): AsyncGenerator<readonly Batch[]> {
  yield await books.results.newestBatches(company, recentBatches);
}

/** Recomputes a batch from its sequence numbers alone; undefined for companies whose trades came from outside. */
async function recomputationFor(
  books: Books,
  { batchSize }: StocksSettings,
  company: string,
): Promise<((batch: Batch) => Batch | undefined) | undefined> {
  const simulation = await books.state.read((queries) => storedSimulation(queries, company));
  if (simulation === undefined) return undefined;
  const walk = new Walk(simulation.seed, simulation.company, simulation.historyTrades);
  const body = new Uint8Array(batchSize * recordBytes);
  const { words } = tradeColumns(body);
  return ({ firstSeq }) => {
    walk.fill(words, 0, firstSeq, batchSize);
    const cursor = { ...emptyCursor(company, batchSize), position: firstSeq - 1 };
    return fold(cursor, [{ first: firstSeq, count: batchSize, body }]).batches[0];
  };
}

/** Without times, which come from the publisher's clock, and the number, which follows from the sequence numbers. */
const recomputable = [
  'count',
  'firstSeq',
  'lastSeq',
  'sumPriceCents',
  'turnoverCents',
  'volume',
  'buys',
  'buyVolume',
  'openCents',
  'highCents',
  'lowCents',
  'closeCents',
] as const;

function firstDifference(stored: Batch, computed: Batch | undefined): string | undefined {
  const wrong = recomputable.find((field) => stored[field] !== computed?.[field]);
  if (wrong) return `${wrong} is stored as ${stored[wrong]}, but recomputes to ${computed?.[wrong]}`;
  const firstSeq = (stored.number - 1) * stored.count + 1;
  return stored.firstSeq === firstSeq ? undefined : `it begins at trade ${stored.firstSeq} instead of ${firstSeq}`;
}
