/** A market of miners, some of whom lie, in memory: driven by the same functions that the house decides with. */
import { seededRandom } from '#core/seeded-random.ts';
import { compareWithLooks, type Said, secondLookInMs } from '../domain/trust/compare-pages.ts';
import { judgeAnswer, type Opinion } from '../domain/trust/majority.ts';
import { type AuditVerdict, afterAudit, afterDisagreement, auditShare, newcomer, type Reputation } from '../domain/trust/reputation.ts';

export const kinds = ['honest', 'empty', 'stale', 'altered', 'colluding'] as const;
export type Kind = (typeof kinds)[number];

export interface SimulationOptions {
  readonly seed: number;
  readonly miners: number;
  /** Of all miners, the same number of each kind. */
  readonly liarShare: number;
  /** Each miner fetches a page in a step. */
  readonly steps: number;
}

export interface Tally {
  readonly miners: number;
  readonly answers: number;
  readonly lies: number;
  readonly audits: number;
  /** Lies that were paid. */
  readonly liesPaid: number;
  readonly coins: number;
  readonly shutOut: number;
}

const stepMs = 5_000;
const settleSteps = 600_000 / stepMs;
/** From an answer to the second look. */
const auditSteps = 65_000 / stepMs;
const pages = 400;
/** How often pages change: some never do, some all the time. */
const periodsMs = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 86_400_000, 3_600_000, 600_000, 60_000, 10_000];
/** Of 1 to 3 miners for a run. */
const copiesOf = [1, 1, 1, 1, 2, 3];
/** The cautious wait until they are trusted, and then lie now and then. */
const lieShare: Readonly<Record<Kind, number>> = { honest: 0, empty: 1, stale: 0.9, altered: 0.3, colluding: 0.5 };
const honestAtFirst: Readonly<Record<Kind, number>> = { honest: 0, empty: 0, stale: 0, altered: 60, colluding: 30 };
/** How old a stale copy is. */
const staleMs = 1_800_000;

interface Miner {
  readonly kind: Kind;
  /** Of the pair that colludes. */
  readonly pair: number;
  reputation: Reputation;
  answers: number;
  lies: number;
  audits: number;
  liesPaid: number;
  coins: number;
}

interface Answer {
  readonly miner: Miner;
  readonly copy: number;
  readonly page: number;
  readonly at: number;
  readonly said: Said;
  readonly lie: boolean;
  /** Answers to the same run. */
  readonly run: Answer[];
  verdict: Opinion['verdict'];
  audited: boolean;
}

export function simulateTrust(options: SimulationOptions): Readonly<Record<Kind, Tally>> {
  const market = new Market(options);
  for (let step = 0; step < options.steps + settleSteps; step += 1) market.step(step, step < options.steps);
  return market.tallies();
}

class Market {
  readonly #random;
  readonly #miners: readonly Miner[];
  readonly #audits: Answer[][] = [];
  readonly #settlements: Answer[][] = [];

  constructor({ seed, miners, liarShare }: SimulationOptions) {
    this.#random = seededRandom(seed);
    const ofEachKind = Math.round((miners * liarShare) / (kinds.length - 1));
    this.#miners = Array.from({ length: miners }, (_, index) => {
      const kind = kinds[1 + Math.floor(index / ofEachKind)] ?? 'honest';
      return { kind, pair: index >> 1, reputation: newcomer, answers: 0, lies: 0, audits: 0, liesPaid: 0, coins: 0 };
    });
  }

  step(step: number, fetching: boolean): void {
    for (const answer of this.#audits[step] ?? []) this.#audit(answer);
    for (const answer of this.#settlements[step] ?? []) settle(answer);
    if (fetching) this.#fetch(step);
  }

  tallies(): Readonly<Record<Kind, Tally>> {
    const tallyOf = (kind: Kind): readonly [Kind, Tally] => {
      const its = this.#miners.filter((miner) => miner.kind === kind);
      const sum = (of: (miner: Miner) => number) => its.reduce((total, miner) => total + of(miner), 0);
      const tally = {
        miners: its.length,
        answers: sum(({ answers }) => answers),
        lies: sum(({ lies }) => lies),
        audits: sum(({ audits }) => audits),
        liesPaid: sum(({ liesPaid }) => liesPaid),
        coins: sum(({ coins }) => coins),
        shutOut: its.filter(({ reputation }) => reputation.state === 'shut-out').length,
      };
      return [kind, tally];
    };
    return Object.fromEntries(kinds.map(tallyOf)) as Record<Kind, Tally>;
  }

  /** Hands runs to all miners who are not shut out. */
  #fetch(step: number): void {
    const free = this.#shuffled(this.#miners.filter(({ reputation }) => reputation.state !== 'shut-out'));
    while (free.length > 0) {
      const copies = copiesOf[this.#random.int(copiesOf.length)] ?? 1;
      if (free.length < copies) return;
      this.#run(step, free.splice(-copies), this.#random.int(pages));
    }
  }

  #run(step: number, miners: readonly Miner[], page: number): void {
    const at = step * stepMs;
    const run: Answer[] = [];
    for (const [index, miner] of miners.entries()) {
      const answer = this.#answer(miner, page, at, index + 1, run);
      const opinions = run.map(({ copy, said, verdict }) => ({ copy, contentKey: said.key, verdict }));
      const { verdict, decides } = judgeAnswer(answer.said.key, miners.length, opinions);
      answer.verdict = verdict;
      for (const { copy, verdict: decided } of decides) for (const other of run) if (other.copy === copy) other.verdict = decided;
      run.push(answer);
    }
    const losers = run.filter(({ verdict }) => verdict === 'refused');
    for (const { miner } of losers) miner.reputation = afterDisagreement(miner.reputation);
    for (const answer of run.filter(({ verdict }) => verdict === 'accepted')) {
      if (losers.length > 0 || this.#random.float() < auditShare(answer.miner.reputation))
        this.#add(this.#audits, step + auditSteps, answer);
      this.#add(this.#settlements, step + settleSteps, answer);
    }
  }

  #answer(miner: Miner, page: number, at: number, copy: number, run: Answer[]): Answer {
    const { kind } = miner;
    miner.answers += 1;
    const truth = said(page, versionOf(page, at));
    const lies = miner.answers > honestAtFirst[kind] && this.#random.float() < lieShare[kind];
    const told = lies ? lieOf(miner, page, at) : truth;
    // A stale copy of a page that did not change is no lie.
    const lie = told.key !== truth.key;
    if (lie) miner.lies += 1;
    return { miner, copy, page, at, said: told, lie, run, verdict: 'waiting', audited: false };
  }

  #add(calendar: Answer[][], step: number, answer: Answer): void {
    const planned = calendar[step] ?? [];
    calendar[step] = planned;
    planned.push(answer);
  }

  #audit(answer: Answer): void {
    if (answer.verdict !== 'accepted') return;
    answer.miner.audits += 1;
    const ageMs = 200 + this.#random.float() * (stepMs - 200);
    const look = (at: number) => said(answer.page, versionOf(answer.page, at));
    const first = look(answer.at + ageMs);
    const comparison = compareWithLooks(answer.said, [first, look(answer.at + ageMs + secondLookInMs(ageMs))]);
    const verdict: AuditVerdict = comparison === 'same' ? 'valid' : comparison === 'other' ? 'lie' : 'undecided';
    if (verdict !== 'lie') {
      answer.miner.reputation = afterAudit(answer.miner.reputation, verdict);
      return;
    }
    // Miners who gave the same answer to the same run lie, too.
    for (const other of answer.run.filter((one) => one.verdict === 'accepted')) {
      other.verdict = 'refused';
      other.miner.reputation = afterAudit(other.miner.reputation, verdict);
    }
  }

  #shuffled<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = this.#random.int(index + 1);
      [shuffled[index], shuffled[other]] = [shuffled[other] as Item, shuffled[index] as Item];
    }
    return shuffled;
  }
}

/** Nothing is paid to who is shut out, also for what he answered before. */
function settle({ miner, verdict, lie }: Answer): void {
  if (verdict !== 'accepted' || miner.reputation.state === 'shut-out') return;
  miner.coins += 1;
  if (lie) miner.liesPaid += 1;
}

function versionOf(page: number, at: number): number {
  const periodMs = periodsMs[page % periodsMs.length] ?? Number.POSITIVE_INFINITY;
  return Math.floor((at + page * 7_919) / periodMs);
}

/** Half of the pages have a price in them beside a text that stays, and half are a price alone. */
function said(page: number, version: number): Said {
  const price = `${page}.${version}`;
  return page % 2 === 0 ? { key: price, text: price } : { key: price, text: `Shop ${page}\nTea\n${price}\nOpen on workdays` };
}

function lieOf({ kind, pair }: Miner, page: number, at: number): Said {
  if (kind === 'empty') return { key: 'nothing', text: '' };
  if (kind === 'stale') return said(page, versionOf(page, at - staleMs));
  const price = kind === 'colluding' ? `-${pair}` : '-1';
  return { key: `${page} ${price}`, text: page % 2 === 0 ? price : `Shop ${page}\nTea\n${price}\nOpen on workdays` };
}
