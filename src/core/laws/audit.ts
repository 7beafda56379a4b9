/** Checks laws one after another and reports whether each holds, is broken, or could not be checked. */
import { withinTime } from '../within-time.ts';
import { type Books, type Finding, type Law, maxViolations, type Scope } from './law.ts';
import type { Verdict } from './verdicts.ts';

export interface Audit {
  readonly laws: readonly Law[];
  readonly books: Books;
  readonly scope: Scope;
  /** The longest a single law may take. */
  readonly timeoutMs: number;
  /** Called before each law. */
  readonly begins?: ((law: Law) => void) | undefined;
  /** No further law starts once it aborts. */
  readonly signal?: AbortSignal;
}

export async function auditLaws(audit: Audit): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  // One at a time: an audit runs beside live traffic and must not occupy the store.
  for (const law of audit.laws) {
    if (audit.signal?.aborted) break;
    audit.begins?.(law);
    verdicts.push(await judge(law, audit));
  }
  return verdicts;
}

async function judge(law: Law, { books, scope, timeoutMs }: Audit): Promise<Verdict> {
  const checkedAt = books.clock.now();
  const startedAt = books.clock.monotonicMs();
  const { holds, checked, violations } = await withinTime(books.clock, timeoutMs, check(law, books, scope)).then(
    (finding) => ({ holds: finding.violations.length === 0, ...finding }),
    (error: unknown) => ({ holds: null, checked: 'nothing', violations: [whyUnchecked(error)] }),
  );
  return {
    lawId: law.id,
    says: law.says,
    checked,
    holds,
    violations: violations.slice(0, maxViolations),
    checkedAt,
    tookMs: books.clock.monotonicMs() - startedAt,
  };
}

/** Async, so that a law that throws synchronously is caught like one that rejects. */
async function check(law: Law, books: Books, scope: Scope): Promise<Finding> {
  return law.check(books, scope);
}

function whyUnchecked(error: unknown): string {
  return `could not be checked: ${error instanceof Error ? error.message : String(error)}`;
}
