/** The proof line: trades published = counted + open + under way, read in an order in which the last is never below zero. */
import { latestVerdicts, type Verdict } from '#core/laws/verdicts.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { State } from '#core/ports/state.ts';
import type { Stream } from '#core/ports/stream.ts';
import { RecentAnswer } from '#core/recent-answer.ts';
import type { Results } from '../../ports/results.ts';
import { publishedTrades } from '../../store/published.ts';
import type { Proof } from '../schemas.ts';
import type { MarketView } from './view.ts';

/** A proof up to this old is shown again. */
export const proofMaxAgeMs = 200;
const lawPrefix = 'stocks-';
const maxShownViolations = 20;

export interface ProofTakerOptions {
  readonly results: Results;
  readonly stream: Stream;
  readonly state: State;
  readonly clock: Clock;
  readonly view: MarketView;
}

export interface TakenProof {
  readonly epoch: string;
  readonly proof: Proof;
}

export class ProofTaker {
  readonly #options: ProofTakerOptions;
  readonly #recent: RecentAnswer<TakenProof>;

  constructor(options: ProofTakerOptions) {
    this.#options = options;
    this.#recent = new RecentAnswer(options.clock, proofMaxAgeMs, () => this.#takeNow());
  }

  /** The proof, at most `proofMaxAgeMs` old; one is taken at a time, however many ask. */
  async take(): Promise<TakenProof> {
    return this.#recent.look();
  }

  async #takeNow(): Promise<TakenProof> {
    const { results, stream, state, view } = this.#options;
    const epoch = await results.epoch();
    // The order matters: published trades are read after counted ones.
    const cursors = await results.cursors();
    const [{ ends }, verdicts] = await Promise.all([publishedTrades({ stream, state }), latestVerdicts(state)]);

    const counted = cursors.reduce((sum, cursor) => sum + cursor.batchedTrades, 0);
    const open = cursors.reduce((sum, cursor) => sum + (cursor.open?.count ?? 0), 0);
    // Notes follow the tape by a moment: what is counted was published.
    const published = Math.max(
      counted + open,
      [...ends.values()].reduce((sum, end) => sum + end, 0),
    );
    const proof: Proof = {
      published,
      counted,
      open,
      lag: published - counted - open,
      tradesPerSecond: view.tradesPerSecond(),
      ...verdictOf(verdicts),
    };
    return { epoch, proof };
  }
}

function verdictOf(verdicts: readonly Verdict[]): Pick<Proof, 'holds' | 'checkedAt' | 'violations'> {
  const own = verdicts.filter((verdict) => verdict.lawId.startsWith(lawPrefix));
  if (own.length === 0) return { holds: null, checkedAt: null, violations: [] };
  return {
    holds: own.some((verdict) => verdict.holds === false) ? false : own.every((verdict) => verdict.holds === true) || null,
    // Of several laws the one that was checked longest ago: the proof is no fresher than that.
    checkedAt: Math.min(...own.map((verdict) => verdict.checkedAt)),
    violations: own
      .flatMap((verdict) => verdict.violations.map((violation) => `${verdict.lawId}: ${violation}`))
      .slice(0, maxShownViolations),
  };
}
