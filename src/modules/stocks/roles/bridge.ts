/** The bridge: takes in the queues of existing publishers, each trade once, as far as their broker tells redelivered messages apart. */
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import { keepLease } from '#core/lease.ts';
import type { Counter } from '#core/ports/metrics.ts';
import type { Role, RoleContext, RoleStatus, Service } from '#core/role.ts';
import { countKnown, noteOf } from '../domain/bridge-note.ts';
import { foreignTrade, maxMessageBytes } from '../domain/foreign-trades.ts';
import type { IncomingTrade } from '../domain/incoming.ts';
import type { DeadLetter, Inbox, InboxMessage, InboxQueue } from '../ports/inbox.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { type BridgeBatch, beginSession, removeNote, type Session, storeBatch } from '../store/bridge.ts';
import { rememberOutside } from '../store/settings.ts';

export interface BridgeOptions {
  /** The queues to take in, each named after its company. */
  readonly bridgedCompanies: readonly string[];
}

/** Messages taken at a time. With a smaller number than its predecessor's, the bridge would not recognise the last batch. */
const maxTaken = 1_000;
/** How long a batch that is not full waits for more. */
const waitMs = 100;
/** After a crash, the broker hands messages out again at once: within this time all of them have come, on a busy machine, too. */
const settleMs = 3_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

export function bridgeRole({ bridgedCompanies }: BridgeOptions): Role<never, OwnPorts> {
  return {
    name: 'stocks-bridge',
    says: `Takes in the RabbitMQ queues of existing publishers: ${shortList(bridgedCompanies)}.`,
    needs: ['relay'],
    instances: { oneActive: 'a queue keeps its order with one consumer; others with the same companies stand by' },
    onlyByName: 'its companies must not be simulated on the same books, and it needs RABBITMQ_URL',
    start: (context) => startBridge(bridgedCompanies, context),
  };
}

async function startBridge(companies: readonly string[], context: RoleContext<OwnPorts>): Promise<Service<never>> {
  const { ports } = context;
  const { inbox } = ports;
  if (inbox === undefined) {
    throw new KontorError(
      'invalid_option',
      'RABBITMQ_URL is not set: say where the queues of existing publishers are, such as amqp://localhost',
    );
  }
  // Refused before anything is taken, for all companies or for none.
  await ports.state.write(async (queries) => {
    for (const company of companies) await rememberOutside(queries, company, ports.clock.now());
  });
  const queues = companies.map((company) => new BridgedQueue(company, context));
  const lease = keepLease({
    ports,
    name: `stocks-bridge ${companies.toSorted().join(' ')}`,
    whileHeld: async (signal) => void (await Promise.all(queues.map((queue) => queue.serve(inbox, signal)))),
  });
  return {
    status: () => (lease.active() ? statusOf(queues) : { ready: true, says: 'standing by' }),
    stop: () => lease.stop(),
  };
}

function statusOf(queues: readonly BridgedQueue[]): RoleStatus {
  const failing = queues.filter(({ failure }) => failure !== undefined);
  const [first] = failing;
  if (first)
    return { ready: false, says: `${first.company}: ${first.failure}${failing.length > 1 ? ` (and ${failing.length - 1} more)` : ''}` };
  const trades = queues.reduce((sum, queue) => sum + queue.trades, 0);
  const refused = queues.reduce((sum, queue) => sum + queue.refused, 0);
  const lastReason = queues.find((queue) => queue.lastReason !== '')?.lastReason;
  const aside = refused === 0 ? '' : `; ${refused} messages put aside, such as: ${lastReason}`;
  return { ready: true, says: `took in ${trades} trades from ${queues.length} queues${aside}` };
}

function shortList(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

class BridgedQueue {
  readonly company: string;
  trades = 0;
  refused = 0;
  lastReason = '';
  /** Why it cannot work at the moment. */
  failure: string | undefined;
  readonly #context: RoleContext<OwnPorts>;
  readonly #taken: Counter;
  readonly #refused: Counter;

  constructor(company: string, context: RoleContext<OwnPorts>) {
    this.company = company;
    this.#context = context;
    const { metrics } = context.ports;
    this.#taken = metrics.counter('kontor_stocks_bridge_trades_total', 'Trades taken in from existing publishers.', ['company']);
    this.#refused = metrics.counter('kontor_stocks_bridge_refused_total', 'Their messages that went to the dead letters.', ['company']);
  }

  serve(inbox: Inbox, signal: AbortSignal): Promise<void> {
    const onError = (error: unknown) => this.#failed(error);
    const options = { maxTaken, maxBodyBytes: maxMessageBytes, signal, onError };
    return inbox.serve(this.company, (queue) => this.#work(queue, signal), options);
  }

  async #work(queue: InboxQueue, signal: AbortSignal): Promise<void> {
    const { state, random } = this.#context.ports;
    const session: Session = { company: this.company, id: random.id() };
    const ended = AbortSignal.any([queue.lost, signal]);
    let left = await this.#held(ended, () => state.write((queries) => beginSession(queries, session)));
    for (;;) {
      const taken = await queue.take(left === undefined ? waitMs : settleMs, signal);
      // Messages that are not taken in come again in the next session.
      if (signal.aborted) return;
      await this.#takeIn(queue, ended, session, taken, countKnown(taken, left));
      left = undefined;
    }
  }

  /** The first `known` messages are stored already. */
  async #takeIn(queue: InboxQueue, ended: AbortSignal, session: Session, taken: readonly InboxMessage[], known: number): Promise<void> {
    const { state, clock, random } = this.#context.ports;
    const now = clock.now();
    const trades: IncomingTrade[] = [];
    const letters: DeadLetter[] = [];
    for (const message of taken.slice(known)) {
      const trade = foreignTrade(message, this.company, now);
      if (typeof trade === 'string') letters.push({ message, reason: trade });
      else trades.push(trade);
    }
    // Bad ones first: once the batch is noted as stored, they are not looked at again.
    await queue.putAside(letters);
    const batch: BridgeBatch = { id: random.id(), note: noteOf(taken), trades };
    await this.#held(ended, () => state.write((queries) => storeBatch(queries, session, batch, now)));
    await queue.acknowledge();
    await this.#held(ended, () => state.write((queries) => removeNote(queries, session)));
    this.#count(trades.length, letters);
  }

  /** Keeps the messages taken while the State cannot store them: brokers may drop messages that are handed back too often. */
  async #held<Result>(ended: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const result = await work();
        this.failure = undefined;
        return result;
      } catch (error) {
        if (error instanceof BrokenInvariant) this.#context.fail(error);
        if (ended.aborted || !(error instanceof KontorError && error.retryable)) throw error;
        this.#failed(error);
        await this.#context.ports.clock.sleep(pauseMs, ended);
      }
    }
  }

  #count(trades: number, letters: readonly DeadLetter[]): void {
    const labels = { company: this.company };
    this.trades += trades;
    this.#taken.add(trades, labels);
    const [letter] = letters;
    if (letter === undefined) return;
    this.refused += letters.length;
    this.lastReason = letter.reason;
    this.#refused.add(letters.length, labels);
    this.#context.ports.log.warn(
      { ...labels, count: letters.length, reason: letter.reason },
      'messages of an existing publisher were put aside as dead letters',
    );
  }

  #failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.failure !== message)
      this.#context.ports.log.warn({ company: this.company, err: error }, 'a queue is not taken in; trying again');
    this.failure = message;
  }
}
