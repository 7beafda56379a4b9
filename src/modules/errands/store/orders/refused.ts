/** What orders answer instead of doing it, as errors that say what is wrong and what to do. */
import { KontorError, unreachable } from '#core/errors.ts';
import { houseRefusals } from '#core/house-refusals.ts';
import { fieldRefusal, refuse } from '#core/refuse.ts';
import { type ScheduleRefusal, scheduleRefusals } from '../../domain/schedule/schedule-refusals.ts';
import { errandsRefusals } from '../../refusals.ts';
import type { OrderChange } from './change.ts';
import type { Ordering, OrderRefusal } from './create.ts';
import type { RunNow, Step } from './steps.ts';

export function noErrand(order: string): KontorError {
  return refuse(errandsRefusals, 'no-errand', { order });
}

export function orderingRefused(answer: Exclude<Ordering, { outcome: 'ordered' }>): KontorError {
  return answer.outcome === 'conflict' ? keyReused() : termsRefused(answer);
}

export function stepRefused(id: string, answer: Exclude<Step | OrderChange, { outcome: 'done' }>): KontorError {
  switch (answer.outcome) {
    case 'unknown':
      return noErrand(id);
    case 'ended':
      return refuse(errandsRefusals, 'errand-ended', { state: answer.state });
    case 'schedule':
      return scheduleRefused([answer.refusal], '');
    default:
      return termsRefused(answer);
  }
}

export function runRefused(id: string, answer: Exclude<RunNow, { outcome: 'made' }>): KontorError {
  switch (answer.outcome) {
    case 'unknown':
      return noErrand(id);
    case 'conflict':
      return keyReused();
    case 'ended':
      return refuse(errandsRefusals, 'errand-ended', { state: answer.state });
    case 'runs-open':
      return refuse(errandsRefusals, 'runs-open', { most: answer.most });
    case 'robots':
      return refuse(errandsRefusals, 'robots-disallow', { host: answer.host }, 'address');
    case 'host-busy':
      return refuse(errandsRefusals, 'host-busy', { host: answer.host });
    case 'coins-short':
      return termsRefused(answer);
    default:
      return unreachable(answer);
  }
}

/** All of them at once, each with its field. */
export function scheduleRefused(refusals: readonly ScheduleRefusal[], place: string): KontorError {
  const details = refusals.map(({ field, name, values }) =>
    fieldRefusal(scheduleRefusals, name, `${place}schedule/${field.replaceAll('.', '/')}`, values as never),
  );
  const [first] = details;
  const code = refusals[0] === undefined ? 'invalid_input' : scheduleRefusals[refusals[0].name].code;
  return new KontorError(code, first?.message ?? '', { reason: first?.reason, details });
}

function keyReused(): KontorError {
  return refuse(houseRefusals, 'key-reused', {}, 'Idempotency-Key');
}

function termsRefused(answer: OrderRefusal): KontorError {
  switch (answer.outcome) {
    case 'too-many':
      return refuse(errandsRefusals, 'too-many-errands', { most: answer.most });
    case 'coins-short':
      return refuse(errandsRefusals, 'errand-coins-short', { needed: answer.needed, available: answer.available });
    case 'host-loaded':
      return refuse(errandsRefusals, 'host-loaded', { host: answer.host, perDay: answer.perDay, left: answer.left }, 'address');
    case 'instrument-taken':
      return refuse(errandsRefusals, 'instrument-taken', { instrument: answer.instrument }, 'instrument');
    default:
      return unreachable(answer);
  }
}
