/** The publisher: trades of the simulated companies, at a rate that can be changed while it runs. */
import { type Chore, startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import { keepLease } from '#core/lease.ts';
import { raiseHead } from '#core/outbox.ts';
import type { Counter } from '#core/ports/metrics.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { aborted } from '#core/within-time.ts';
import { historyFrames, type Times } from '../domain/history.ts';
import { type StocksSettings, type TradesPerSecond, tradesTopic } from '../domain/settings.ts';
import { historyTradesPerMinute } from '../domain/walk.ts';
import type { OwnPorts, StocksPorts } from '../ports/ports.ts';
import { readRate, rememberSimulation } from '../store/settings.ts';
import { Tape, timesBetween } from './publisher/simulated-tape.ts';

/** How often a paced tape is written: short enough that a shown price is fresh. */
const flushMs = 50;
const rateLookMs = 200;
const bulkFrameTrades = 4_096;
const maxFrameTrades = 65_536;
/** Frames of a company on their way at the same time, when as fast as possible. */
const bulkWindow = 8;
/** Small, so that the first users get their turn between the transactions that store it. */
const historyWindow = 2;
/** After a standstill, trades of at most so much time are made up for. */
const maxCatchUpMs = 1_000;

export function publisherRole(options: StocksSettings): Role<never, OwnPorts> {
  return {
    name: 'stocks-publisher',
    says: `Simulates the trades of ${options.companies.length} companies, deterministic in (seed, company, sequence number).`,
    needs: [],
    instances: { oneActive: 'one tape has one end; others with the same companies stand by' },
    start: (context) => startPublisher(options, context),
  };
}

async function startPublisher(options: StocksSettings, { ports, opened }: RoleContext<OwnPorts>): Promise<Service<never>> {
  const historyTrades = options.historyMinutes * historyTradesPerMinute;
  const tapes = await Promise.all(
    options.companies.map(async (company) => {
      const isNew = ((await ports.stream.end(tradesTopic, company.code)) ?? 0) === 0;
      const simulation = { seed: options.seed, company, historyTrades };
      const remembered = await ports.state.write((queries) => rememberSimulation(queries, simulation, isNew, ports.clock.now()));
      return new Tape(options.seed, company, remembered, ports);
    }),
  );
  const codes = options.companies.map((company) => company.code).sort();
  const publisher = new Publisher(options, ports, tapes);
  const lease = keepLease({ ports, name: `stocks-publisher ${codes.join(' ')}`, whileHeld: (signal) => publisher.run(signal, opened) });
  return {
    status: () => ({ ready: true, says: lease.active() ? publisher.says() : 'standing by' }),
    stop: () => lease.stop(),
  };
}

class Publisher {
  readonly #options: StocksSettings;
  readonly #ports: StocksPorts;
  readonly #tapes: readonly Tape[];
  readonly #published: Counter;
  #rate: TradesPerSecond;
  #doing = 'starting';

  constructor(options: StocksSettings, ports: StocksPorts, tapes: readonly Tape[]) {
    this.#options = options;
    this.#ports = ports;
    this.#rate = options.tradesPerSecond;
    this.#tapes = tapes;
    this.#published = ports.metrics.counter('kontor_stocks_published_trades_total', 'Simulated trades that the stream has made durable.');
  }

  says(): string {
    return this.#doing;
  }

  /** A new tape's history would slow the start of the others: it begins when the house is open. */
  async run(signal: AbortSignal, opened: Promise<void> | undefined): Promise<void> {
    await Promise.race([opened, aborted(signal)]);
    const chores = [this.#followRate(signal), this.#noteEnds(signal)];
    try {
      await Promise.all(this.#tapes.map((tape) => this.#runTape(tape, signal)));
    } finally {
      await Promise.all(chores.map((chore) => chore.stop()));
    }
  }

  #followRate(signal: AbortSignal): Chore {
    return startChore({
      name: 'stocks-rate',
      ports: this.#ports,
      everyMs: rateLookMs,
      failing: 'the rate is not read, and stays as it was',
      signal,
      work: async () => {
        this.#rate = (await this.#ports.state.read(readRate)) ?? this.#options.tradesPerSecond;
        this.#doing = this.#rate === 'max' ? 'publishing as fast as possible' : `publishing ${this.#rate} trades a second per company`;
      },
    });
  }

  /** On a stream that cannot tell where it ends, the proof line reads these notes. */
  #noteEnds(signal: AbortSignal): Chore {
    const noted = new Map<string, number>();
    return startChore({
      name: 'stocks-ends',
      ports: this.#ports,
      everyMs: rateLookMs,
      firstAfterMs: rateLookMs,
      failing: 'the ends of tapes are not noted',
      signal,
      work: async () => {
        const news = this.#tapes.flatMap(({ code, durableToNote: end }) =>
          end !== undefined && end !== noted.get(code) ? [{ code, end }] : [],
        );
        if (news.length === 0) return;
        await this.#ports.state.write(async (queries) => {
          for (const { code, end } of news) await raiseHead(queries, { topic: tradesTopic, partition: code }, end);
        });
        for (const { code, end } of news) noted.set(code, end);
      },
    });
  }

  /** Retryable failures (a full disk, a backlog, a lost broker) are waited out; the tape then goes on from its real end. */
  async #runTape(tape: Tape, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#ports;
    while (!signal.aborted) {
      try {
        await tape.find();
        await this.#restore(tape, signal);
        await this.#backfill(tape, signal);
        await this.#publishUntilMoved(tape, signal);
      } catch (error) {
        if (!(error instanceof KontorError) || !error.retryable) throw error;
        log.warn({ err: error, company: tape.code }, 'trades could not be published; trying again');
        await clock.sleep(maxCatchUpMs, signal);
      }
    }
  }

  async #restore(tape: Tape, signal: AbortSignal): Promise<void> {
    const now = this.#ports.clock.now();
    for (let missing = tape.missing; missing > 0 && !signal.aborted; ) {
      const count = Math.min(missing, bulkFrameTrades);
      if (!(await this.#publish(tape, count, () => now))) return;
      missing -= count;
    }
  }

  async #backfill(tape: Tape, signal: AbortSignal): Promise<void> {
    const sending: Promise<boolean>[] = [];
    for (const { count, times } of historyFrames(tape.historyMinutesLeft, this.#ports.clock.now())) {
      if (signal.aborted) break;
      await this.#send(sending, this.#publish(tape, count, times), historyWindow);
    }
    await Promise.all(sending);
  }

  /** Ends when another publisher wrote to the tape. */
  async #publishUntilMoved(tape: Tape, signal: AbortSignal): Promise<void> {
    let intact = true;
    while (intact && !signal.aborted)
      intact = this.#rate === 'max' ? await this.#publishBulk(tape, signal) : await this.#publishPaced(tape, signal);
  }

  async #publishBulk(tape: Tape, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#ports;
    const sending: Promise<boolean>[] = [];
    let intact = true;
    while (intact && this.#rate === 'max' && !signal.aborted) {
      const now = clock.now();
      intact = await this.#send(
        sending,
        this.#publish(tape, bulkFrameTrades, () => now),
        bulkWindow,
      );
    }
    return (await Promise.all(sending)).every(Boolean) && intact;
  }

  async #publishPaced(tape: Tape, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#ports;
    let owed = 0;
    let thenMs = clock.monotonicMs();
    while (!signal.aborted) {
      await clock.sleep(flushMs, signal);
      if (this.#rate === 'max') return true;
      const nowMs = clock.monotonicMs();
      const elapsedMs = Math.min(nowMs - thenMs, maxCatchUpMs);
      thenMs = nowMs;
      owed += (this.#rate * elapsedMs) / 1_000;
      const count = Math.min(Math.floor(owed), maxFrameTrades);
      owed = Math.min(owed - count, maxFrameTrades);
      const now = clock.now();
      if (count > 0 && !(await this.#publish(tape, count, timesBetween(now - elapsedMs, now, count)))) return false;
    }
    return true;
  }

  async #publish(tape: Tape, count: number, times: Times): Promise<boolean> {
    const intact = await tape.publish(count, times);
    if (intact) this.#published.add(count);
    return intact;
  }

  /** Keeps at most `window` on their way; where there are more, resolves the outcome of the oldest. */
  async #send(sending: Promise<boolean>[], one: Promise<boolean>, window: number): Promise<boolean> {
    // A failure waits for its turn, and is seen at the latest when all are waited for.
    one.catch(() => {});
    sending.push(one);
    return sending.length < window || (await sending.shift()) === true;
  }
}
