/** Pays answers whose time of doubt is over. One desk does it at a time, because two would only wait for each other. */
import { type Chore, startChore } from '#core/chores.ts';
import { keepLease } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { RoleStatus } from '#core/role.ts';
import { maxSettledPerCall, nextSettlementAt, settleAnswers } from '../../store/settlement/settle.ts';

const everyMs = 1_000;
/** What is due soon waits for more, so that many are paid together. */
const leastRestMs = 50;

export interface Settling {
  status(): RoleStatus;
  stop(): Promise<void>;
}

export function startSettling(
  ports: Pick<Ports, 'state' | 'clock' | 'log' | 'random' | 'metrics' | 'holder'>,
  fail: (error: unknown) => void,
): Settling {
  const { state, clock, random } = ports;
  const paid = ports.metrics.counter('errands_answers_paid_total', 'Answers that were paid.');
  let chore: Chore | undefined;

  async function settleSome() {
    const count = await settleAnswers(state, { now: clock.now(), random });
    paid.add(count);
    if (count === maxSettledPerCall) return 'more' as const;
    const nextAt = await state.read(nextSettlementAt);
    const untilMs = (nextAt ?? Number.POSITIVE_INFINITY) - clock.now();
    // What is due and not paid waits for an audit.
    return { inMs: untilMs <= 0 ? everyMs : Math.min(everyMs, Math.max(untilMs, leastRestMs)) };
  }

  const lease = keepLease({
    ports,
    name: 'errands-settling',
    async whileHeld(signal) {
      chore = startChore({
        name: 'errands-settling',
        ports,
        everyMs,
        signal,
        failing: 'miners are not paid',
        fail,
        work: settleSome,
      });
      await chore.ended;
      chore = undefined;
    },
  });
  return { status: () => chore?.status() ?? { ready: true, says: 'standing by' }, stop: () => lease.stop() };
}
