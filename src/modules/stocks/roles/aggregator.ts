/** The aggregator: turns the tape into batches and bars, and stores them together with how far it came. */
import { startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import type { Delivery } from '#core/ports/stream.ts';
import type { Role, RoleContext, RoleStatus, Service } from '#core/role.ts';
import { emptyCursor, fold, holeBefore } from '../domain/aggregation.ts';
import { aggregatorGroup, type StocksSettings, tradesTopic } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import type { Cursor, Results } from '../ports/results.ts';

/** Large enough that a transaction carries many batches, small enough that a company's turn is over soon. */
const maxDeliveryBytes = 2 * 1_024 * 1_024;
const pruneEveryMs = 5_000;

export function aggregatorRole(options: StocksSettings): Role<never, OwnPorts> {
  return {
    name: 'stocks-aggregator',
    says: `Turns every ${options.batchSize} trades of a company into one batch, and all of them into time bars.`,
    needs: [],
    instances: 'many',
    start: (context) => startAggregator(options, context),
  };
}

async function startAggregator(options: StocksSettings, context: RoleContext<OwnPorts>): Promise<Service<never>> {
  const { results, stream } = context.ports;
  for (const cursor of await results.cursors()) refuseOtherBatchSize(cursor, options.batchSize);
  const aggregator = new Aggregator(options, context);
  const consumer = await stream.consume(tradesTopic, aggregatorGroup, (delivery) => aggregator.take(delivery), {
    maxDeliveryBytes,
    onError: (error, partition) => aggregator.failed(error, partition),
    onRecovered: (partition) => aggregator.recovered(partition),
  });
  const { clock } = context.ports;
  const pruning = startChore({
    name: 'stocks-pruning',
    ports: context.ports,
    everyMs: pruneEveryMs,
    firstAfterMs: pruneEveryMs,
    failing: 'old results are not removed',
    work: async () => void (await results.prune(options.retention, clock.now())),
  });
  return {
    status: () => aggregator.status(consumer.partitions().length),
    async stop() {
      await Promise.all([consumer.stop(), pruning.stop()]);
    },
  };
}

class Aggregator {
  readonly #options: StocksSettings;
  readonly #context: RoleContext<OwnPorts>;
  readonly #results: Results;
  /** Cursors as this process stored them last; the stored one decides when another process was at work in between. */
  readonly #cursors = new Map<string, Cursor>();
  /** What fails at the moment: of each company, and of the stream itself under ''. */
  readonly #failures = new Map<string, string>();
  readonly #countedTrades;
  readonly #closedBatches;

  constructor(options: StocksSettings, context: RoleContext<OwnPorts>) {
    this.#options = options;
    this.#context = context;
    this.#results = context.ports.results;
    this.#countedTrades = context.ports.metrics.counter('kontor_stocks_counted_trades_total', 'Trades counted into batches and bars.');
    this.#closedBatches = context.ports.metrics.counter('kontor_stocks_closed_batches_total', 'Batches closed.');
  }

  async take({ partition, frames }: Delivery): Promise<'done' | 'reread' | { rereadFrom: number }> {
    let cursor = await this.#cursor(partition);
    // Another process may have had the company in between: only the stored cursor says that trades are missing.
    if (holeBefore(cursor, frames) !== undefined && this.#cursors.delete(partition)) cursor = await this.#cursor(partition);
    const rereadFrom = holeBefore(cursor, frames);
    if (rereadFrom !== undefined) return { rereadFrom };
    const folded = fold(cursor, frames);
    const counted = folded.cursor.position - cursor.position;
    if (counted === 0) return 'done';
    this.#cursors.delete(partition);
    const outcome = await this.#results.apply({ from: cursor.position, ...folded });
    if (outcome === 'stale') return 'reread';
    this.#cursors.set(partition, folded.cursor);
    this.#countedTrades.add(counted);
    this.#closedBatches.add(folded.batches.length);
    return 'done';
  }

  failed(error: unknown, partition: string): void {
    const message = error instanceof Error ? error.message : String(error);
    const { log } = this.#context.ports;
    if (![...this.#failures.values()].includes(message)) log.warn({ err: error, partition }, 'trades could not be counted; trying again');
    this.#failures.set(partition, message);
    const mayPass = error instanceof KontorError && error.code !== 'invalid_option';
    if (!mayPass) this.#context.fail(error);
  }

  recovered(partition: string): void {
    this.#failures.delete(partition);
  }

  status(companies: number): RoleStatus {
    const [failure] = this.#failures.values();
    if (failure !== undefined) return { ready: false, says: failure };
    return { ready: true, says: companies === 0 ? 'standing by' : `counting ${companies} ${companies === 1 ? 'company' : 'companies'}` };
  }

  async #cursor(company: string): Promise<Cursor> {
    const known = this.#cursors.get(company);
    if (known) return known;
    const stored = (await this.#results.load(company)) ?? emptyCursor(company, this.#options.batchSize);
    refuseOtherBatchSize(stored, this.#options.batchSize);
    return stored;
  }
}

function refuseOtherBatchSize({ company, batchSize }: Cursor, configured: number): void {
  if (batchSize === configured) return;
  throw new KontorError(
    'invalid_option',
    `BATCH_SIZE is ${configured}, but ${company} was counted in batches of ${batchSize}: set BATCH_SIZE=${batchSize}, or use another DATA_DIR`,
  );
}
