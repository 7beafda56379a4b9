/** The State of a simulated world: SQLite in memory, the same for all processes. Transactions run one at a time, each in one event. */
import type { Queries, State } from '#core/ports/state.ts';
import { SqliteConnection } from '#engines/sqlite/connection.ts';
import { queriesOn } from '#engines/sqlite/queries.ts';
import { applyMigrations, pendingMigrations } from '#engines/state/migrations.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Timeline } from '../timeline.ts';
import type { Trace } from '../trace.ts';
import type { Fate } from '../weather.ts';
import { type Caller, call, unreachable } from './call.ts';

type Work<Result> = (queries: Queries) => Promise<Result>;
type Transact = <Result>(work: Work<Result>) => Promise<Result>;

/** What a known-bad change does to the State: see plants. */
export interface BooksPlant {
  /** Another statement in place of this one. */
  rewrite?(sql: string): string;
  /** Whether the statement is done after the transaction, in one of its own. */
  isOutside?(sql: string): boolean;
  /** Whether a write that was not stored is acknowledged all the same. */
  readonly acknowledgesFailures?: boolean;
}

export interface BooksOptions {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly plant: BooksPlant;
  /** How long after a commit other processes hear of it. */
  readonly hintMs: number;
}

interface Listener {
  readonly process: SimulatedProcess;
  readonly heard: () => void;
}

export class Books {
  readonly #options: BooksOptions;
  readonly #connection = new SqliteConnection({ path: ':memory:' });
  readonly #listeners = new Set<Listener>();
  #isHintComing = false;

  constructor(options: BooksOptions) {
    this.#options = options;
  }

  /** As a process has it. */
  for(caller: Caller): State {
    const { process } = caller;
    const write: Transact = (work) => call(caller, 'state', 'write', (fate) => this.#write(process.name, work, fate));
    const read: Transact = (work) => call(caller, 'state', 'read', (fate) => this.#transaction(process.name, 'read', work, fate));
    const onChange = (heard: () => void) => {
      const listener = { process, heard };
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    return stateOf({ read, write, onChange, now: process.clock.now });
  }

  /** As somebody has it who looks at the world from outside: at once, and without faults. */
  outside(now: () => number): State {
    const fate: Fate = { ending: 'done', beforeMs: 0, afterMs: 0 };
    const write: Transact = (work) => this.#transaction('outside', 'write', work, fate);
    const read: Transact = (work) => this.#transaction('outside', 'read', work, fate);
    return stateOf({ read, write, onChange: () => () => {}, now });
  }

  close(): void {
    this.#connection.close();
  }

  async #write<Result>(who: string, work: Work<Result>, fate: Fate): Promise<Result> {
    const outside: (() => void)[] = [];
    try {
      // A serialization failure: the engine does the work again, and nothing of the first time may stay.
      if (fate.ending === 'repeated') await this.#transaction(who, 'read', work, fate, outside).catch(() => {});
      return await this.#transaction(who, 'write', work, fate, outside);
    } finally {
      if (fate.ending !== 'dies after') for (const late of outside) late();
      this.#hint();
    }
  }

  async #transaction<Result>(
    who: string,
    kind: 'read' | 'write',
    work: Work<Result>,
    fate: Fate,
    outside: (() => void)[] = [],
  ): Promise<Result> {
    const { trace, plant } = this.#options;
    const connection = this.#connection;
    const seen: string[] = [];
    // Breaks off after some statements, or before the commit.
    let left = fate.ending === 'broken off' && kind === 'write' ? Math.floor(fate.beforeMs * 1_000) % 4 : Number.POSITIVE_INFINITY;
    let isOver = false;
    const execute: SqliteConnection['execute'] = (asked, parameters) => {
      if (isOver) throw new Error(`a query came after its transaction: ${asked}`);
      if (left <= 0 && plant.acknowledgesFailures !== true) throw unreachable('state', 'broke off');
      left -= 1;
      const sql = plant.rewrite?.(asked) ?? asked;
      if (plant.isOutside?.(sql) === true) {
        outside.push(() => void connection.execute(sql, parameters));
        return { rows: [], changes: 1n };
      }
      const outcome = connection.execute(sql, parameters);
      seen.push(`${sql.length}:${outcome.rows.length}:${outcome.changes}`);
      return outcome;
    };
    const { queries } = queriesOn({ execute });
    // A read is one event, in which nothing else happens: it needs no transaction, unless it is a write to be undone.
    const hasTransaction = kind === 'write' || fate.ending === 'repeated';
    if (hasTransaction) connection.prepare('begin').run();
    let result: Result | undefined;
    try {
      result = await work(queries);
      isOver = true;
      const isLost = left !== Number.POSITIVE_INFINITY;
      if (isLost && plant.acknowledgesFailures !== true) throw unreachable('state', 'broke off before the commit');
      if (hasTransaction) connection.prepare(kind === 'write' && !isLost ? 'commit' : 'rollback').run();
      return result;
    } catch (error) {
      isOver = true;
      connection.rollback();
      seen.push(`failed: ${error instanceof Error ? error.message.slice(0, 60) : ''}`);
      throw error;
    } finally {
      trace.note(`${who} ${kind} ${fate.ending} ${seen.join(' ')}`);
    }
  }

  /** Everybody is told, some time later, once for many writes. */
  #hint(): void {
    if (this.#isHintComing) return;
    this.#isHintComing = true;
    this.#options.timeline.after(this.#options.hintMs, () => {
      this.#isHintComing = false;
      for (const listener of this.#listeners) {
        if (listener.process.alive) listener.process.wake(listener.heard);
        else this.#listeners.delete(listener);
      }
    });
  }
}

interface Access {
  readonly read: Transact;
  readonly write: Transact;
  readonly onChange: State['onChange'];
  now(): number;
}

function stateOf({ read, write, onChange, now }: Access): State {
  return {
    can: { forUpdateSkipLocked: false },
    read,
    write,
    migrate: (migrations) => write((queries) => applyMigrations(queries, migrations, now())),
    pending: (migrations) => read((queries) => pendingMigrations(queries, migrations)),
    onChange,
    ping: () => read(async () => {}),
    close: async () => {},
  };
}
