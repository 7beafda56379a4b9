/** A small stocks market on the embedded engines, whose trades a test makes and counts itself, at the moment it wants. */
import { join } from 'node:path';
import { verdictMigrations } from '#core/laws/verdicts.ts';
import { outboxMigrations } from '#core/outbox.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { State } from '#core/ports/state.ts';
import type { Stream } from '#core/ports/stream.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { type Cleanup, temporaryFolder } from '#testkit/temporary-folder.ts';
import { tradesTopic } from '../domain/settings.ts';
import { encodeTrades, type Trade } from '../domain/trades.ts';
import { openStateResults } from '../engines/results/state.ts';
import { resultsMigrations } from '../engines/results/tables.ts';
import type { Cursor, Results } from '../ports/results.ts';
import { stocksMigrations } from '../store/tables.ts';
import { applicationFor, type TradeRecord } from './results-model.ts';

export interface Tape {
  readonly clock: ManualClock;
  readonly state: State;
  readonly results: Results;
  readonly stream: Stream;
  /** Publishes trades at these prices, one share each, buys and sells in turn, and counts them at once. */
  trade(company: string, pricesCents: readonly number[], at?: number): Promise<void>;
  /** Publishes only, as if the aggregator had not come to it. */
  publish(company: string, pricesCents: readonly number[], at?: number): Promise<void>;
  /** The same results behind a connection of their own, as another process has them. */
  openResults(clock: Clock): Promise<Results>;
}

const tapeBatchSize = 10;

export async function openTape(t: Cleanup, { flowing = true }: { readonly flowing?: boolean } = {}): Promise<Tape> {
  const folder = temporaryFolder(t);
  const clock = manualClock({ flowing });
  const log = silentLog();
  // Engines wait for other processes by their clock, which must not stand still.
  const engineClock = manualClock({ flowing: true });
  const path = join(folder, 'kontor.db');
  const state = await openSqliteState({ path, clock: engineClock, log });
  t.after(() => state.close());
  await state.migrate([...outboxMigrations, ...verdictMigrations, ...resultsMigrations, ...stocksMigrations]);
  const stream = await openSqliteStream({ path: join(folder, 'stream.db'), clock: engineClock, holder: processHolder('tape'), log });
  t.after(() => stream.close());
  await stream.declare({ name: tradesTopic, keepMs: 60_000, keepBytes: 1_000_000, maxBacklogBytes: 10_000_000 });
  const results = openStateResults({ state });
  const cursors = new Map<string, Cursor>();

  async function publish(company: string, pricesCents: readonly number[], at = clock.now()): Promise<readonly TradeRecord[]> {
    const end = (await stream.end(tradesTopic, company)) ?? 0;
    const trades = pricesCents.map((priceCents, index): Trade => ({ side: index % 2 === 0 ? 'buy' : 'sell', priceCents, quantity: 1, at }));
    await stream.publish(tradesTopic, company, { first: end + 1, count: trades.length, body: encodeTrades(trades) });
    return trades.map((trade, index) => ({ ...trade, seq: end + 1 + index }));
  }

  return {
    clock,
    state,
    results,
    stream,
    async publish(company, pricesCents, at) {
      await publish(company, pricesCents, at);
    },
    async trade(company, pricesCents, at) {
      const records = await publish(company, pricesCents, at);
      const application = applicationFor(company, cursors.get(company), records, { batchSize: tapeBatchSize });
      if ((await results.apply(application)) !== 'stored') throw new Error('somebody else counted these trades');
      cursors.set(company, application.cursor);
    },
    async openResults(ownClock) {
      const own = await openSqliteState({ path, clock: ownClock, log });
      t.after(() => own.close());
      return openStateResults({ state: own });
    },
  };
}

/** Ten trades at one price: exactly one batch. */
export function batchAt(priceCents: number): readonly number[] {
  return Array.from({ length: tapeBatchSize }, () => priceCents);
}
