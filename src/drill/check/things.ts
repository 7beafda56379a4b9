/**
 * A checker for sets: orders, bookings, cancellations, results, transfers. What was acknowledged is in the books exactly once; what
 * was refused is not; what got no answer is there at most once; and nothing else is there.
 */
import { readableNumber } from '#core/readable-number.ts';
import type { Operation } from '../journal.ts';
import { type Check, checkOf } from './check.ts';

/** One thing in the books. */
export interface Thing {
  /** The key that its operation had. */
  readonly key: string;
  readonly id: string;
}

export function checkThings(name: string, operations: readonly Operation[], books: readonly Thing[]): Check {
  const byKey = Map.groupBy(books, ({ key }) => key);
  const known = new Set(operations.map(({ key }) => key));
  const wrong = operations.flatMap((operation) => wrongWith(operation, byKey.get(operation.key) ?? []));
  const foreign = books
    .filter(({ key }) => !known.has(key))
    .map(({ key, id }) => `${id} (${key}) is in the books, and nobody asked for it`);
  const keysOf = (things: readonly Thing[]) => new Set(things.map(({ key }) => key));
  const shared = [...Map.groupBy(books, ({ id }) => id)].filter(([, those]) => keysOf(those).size > 1);
  const doubled = shared.map(([id, those]) => `${id} is there for ${those.length} requests`);
  const acknowledged = operations.filter(({ outcome }) => outcome === 'acknowledged').length;
  return checkOf({
    id: name,
    says: `every one of ${readableNumber(acknowledged)} acknowledged ${name} is there exactly once; others at most once`,
    checked: operations.length,
    lost: operations.filter((operation) => operation.outcome === 'acknowledged' && !byKey.has(operation.key)).length,
    doubled: [...byKey.values()].filter((those) => those.length > 1).length + doubled.length,
    violations: [...wrong, ...foreign, ...doubled],
  });
}

function wrongWith({ key, outcome, id }: Operation, found: readonly Thing[]): readonly string[] {
  const named = `${id ?? 'what was asked for'} (${key})`;
  if (found.length > 1) return [`${named} is there ${found.length} times: ${found.map((thing) => thing.id).join(', ')}`];
  const [thing] = found;
  if (outcome === 'acknowledged') {
    if (thing === undefined) return [`${named} was acknowledged, and is not there`];
    if (thing.id !== id) return [`${named} was acknowledged, and is there as ${thing.id}`];
  }
  if (outcome === 'refused' && thing !== undefined) return [`${named} was refused, and is there as ${thing.id}`];
  return [];
}
