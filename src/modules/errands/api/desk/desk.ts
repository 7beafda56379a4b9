/** The desk: what miners may ask for, whether they come by HTTP or over a socket. */
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import type { RoleStatus } from '#core/role.ts';
import { nextTurn } from '#http/turns.ts';
import type { Completion } from '../../completion/completion.ts';
import type { GivenAnswer } from '../../completion/prepare.ts';
import type { Miner } from '../../domain/answers.ts';
import { maxPageBytes } from '../../domain/desk-limits.ts';
import { type Lease, leaseOf } from '../../domain/leases.ts';
import { minerNetworkOf } from '../../domain/networks.ts';
import { errandsRefusals } from '../../refusals.ts';
import type { VisitRules } from '../../store/hosts/visits.ts';
import { extendLeases, releaseLeases } from '../../store/queue/leases.ts';
import type {
  ClaimAnswer,
  ClaimInput,
  CompleteAnswer,
  CompleteInput,
  DeskAnswer,
  ExtendAnswer,
  LeasesInput,
  ReleaseAnswer,
} from './contracts.ts';
import { Holdings, maxHeldPerMachine } from './holdings.ts';
import { Machines } from './machines.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Who asks, and from where. */
export interface Caller {
  readonly accountId: string;
  readonly address: string;
}

export interface Desk {
  claim(caller: Caller, input: ClaimInput, signal: AbortSignal): Promise<ClaimAnswer>;
  extend(caller: Caller, input: LeasesInput): Promise<ExtendAnswer>;
  complete(caller: Caller, input: CompleteInput): Promise<CompleteAnswer>;
  release(caller: Caller, input: LeasesInput): Promise<ReleaseAnswer>;
  status(): RoleStatus;
  /** Claims are answered without runs from now on: who waits goes to another desk. */
  sendAway(): Promise<void>;
  stop(): Promise<void>;
}

/** Base64 that is decoded before other requests get a turn. */
const charactersPerTurn = 1_024 * 1_024;

export function openDesk(ports: Ports, completion: Completion, visits: VisitRules, fail: (error: unknown) => void): Desk {
  const { state, clock, metrics } = ports;
  const holdings = new Holdings();
  const machines = new Machines(ports, fail);
  const room = new WaitingRoom(ports, visits, fail);
  const claimed = metrics.counter('errands_runs_claimed_total', 'Runs that this desk handed to miners.');
  const answered = metrics.counter('errands_answers_total', 'Answers of miners that this desk took, by what became of them.', ['outcome']);
  const lateness = metrics.histogram(
    'errands_claim_delay_seconds',
    'From when a run is due to when a miner has it.',
    [0.01, 0.05, 0.2, 1, 5, 30],
  );

  return {
    async claim({ accountId, address }, { machine, version, concurrency, max, waitMs }, signal) {
      const miner: Miner = { accountId, network: minerNetworkOf(address) };
      await machines.greet({ accountId, name: machine }, { version, network: miner.network, concurrency });
      const free = holdings.room(accountId, machine, clock.now());
      if (free === 0) throw refuse(errandsRefusals, 'holds-too-many', { most: maxHeldPerMachine });
      const runs = await room.claim({ miner, max: Math.min(max, free), waitMs, signal });
      const now = clock.now();
      if (signal.aborted && runs.length > 0) {
        // Nobody is there to take them any more.
        await state.write((queries) => releaseLeases(queries, accountId, leasesIn(runs.map(({ lease }) => lease)), now));
        return { now, runs: [] };
      }
      holdings.add(accountId, machine, runs);
      claimed.add(runs.length);
      for (const { dueAt, attempt } of runs) if (attempt === 1) lateness.observe((now - dueAt) / 1_000);
      return { now, runs: runs.map(({ orderId, ...run }) => withOrder(orderId, run)) };
    },

    async extend({ accountId }, { leases }) {
      const ends = await state.write((queries) => extendLeases(queries, accountId, leasesIn(leases), clock.now()));
      const extended = [...ends].map(([lease, endsAt]) => ({ lease, endsAt }));
      for (const { lease, endsAt } of extended) holdings.extend(accountId, lease, endsAt);
      return { extended };
    },

    async complete({ accountId, address }, { machine, answers }) {
      const miner: Miner = { accountId, network: minerNetworkOf(address) };
      const given = await decodeAnswers(answers, miner);
      const outcomes = await completion.complete(given);
      holdings.remove(
        accountId,
        answers.map(({ lease }) => lease),
      );
      const counts = { accepted: 0, noted: 0, refused: 0 };
      for (const { outcome } of outcomes) counts[outcome] += 1;
      for (const [outcome, count] of Object.entries(counts)) if (count > 0) answered.add(count, { outcome });
      machines.count({ accountId, name: machine }, { pages: counts.accepted, failures: counts.noted });
      return { outcomes: outcomes.map((one) => ({ outcome: one.outcome, reason: one.outcome === 'refused' ? one.reason : null })) };
    },

    async release({ accountId }, { leases }) {
      const released = await state.write((queries) => releaseLeases(queries, accountId, leasesIn(leases), clock.now()));
      holdings.remove(accountId, leases);
      return { released: released.size };
    },

    status: () => room.status(),
    sendAway: () => room.stop(),
    async stop() {
      await room.stop();
      await completion.close();
      await machines.stop();
    },
  };
}

function withOrder<Run extends object>(order: string, run: Run) {
  return Object.assign({ order }, run);
}

function leasesIn(texts: readonly string[]): readonly Lease[] {
  return texts.map((text, index) => leaseIn(text, `leases/${index}`));
}

function leaseIn(text: string, field: string): Lease {
  const lease = leaseOf(text);
  if (lease === undefined) {
    const message = 'This is no lease: send it as it was given by the claim.';
    throw new KontorError('invalid_input', message, { details: [{ field, message }] });
  }
  return lease;
}

async function decodeAnswers(answers: readonly DeskAnswer[], miner: Miner): Promise<readonly GivenAnswer[]> {
  const given: GivenAnswer[] = [];
  let characters = 0;
  for (const [index, answer] of answers.entries()) {
    characters += answer.body?.length ?? 0;
    if (characters > charactersPerTurn) {
      characters = 0;
      await nextTurn();
    }
    given.push({ lease: leaseIn(answer.lease, `answers/${index}/lease`), miner, got: decode(answer, `answers/${index}`) });
  }
  return given;
}

function decode(
  { failure, retryAfterMs = 0, status, finalAddress, contentType, timings, body = '' }: DeskAnswer,
  field: string,
): GivenAnswer['got'] {
  if (failure !== undefined) return { failure, retryAfterMs };
  if (status === undefined) {
    const message = 'An answer has a status, or says which failure there was.';
    throw new KontorError('invalid_input', message, { details: [{ field: `${field}/status`, message }] });
  }
  if (body.length > (maxPageBytes * 4) / 3 + 4) throw refuse(errandsRefusals, 'page-too-large', { most: maxPageBytes }, `${field}/body`);
  return {
    status,
    retryAfterMs,
    finalAddress: finalAddress ?? null,
    contentType: contentType ?? null,
    timings: timings ?? null,
    body: Buffer.from(body, 'base64'),
  };
}
