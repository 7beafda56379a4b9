/** A checker for numbers that only grow, such as counted trades: what a client has seen is never taken back. */
import { type Check, checkOf } from './check.ts';

export function checkCounts(seen: ReadonlyMap<string, number>, closing: ReadonlyMap<string, number>): Check {
  const violations = [...seen].flatMap(([company, most]) => {
    const last = closing.get(company) ?? 0;
    return last >= most ? [] : [`a client saw ${most} trades of ${company} counted, and at the end there are ${last}`];
  });
  return checkOf({
    id: 'trades',
    says: 'no trade that a client saw counted is gone',
    checked: [...seen.values()].reduce((sum, count) => sum + count, 0),
    lost: violations.length,
    doubled: 0,
    violations,
  });
}
