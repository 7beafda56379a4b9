/** Reputations of miners as they are read and changed. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { houseMiner } from '../../domain/leases.ts';
import { type AuditVerdict, afterAudit, afterDisagreement, type Reputation } from '../../domain/trust/reputation.ts';
import type { MinerRow } from './tables.ts';

type ReputationRow = Pick<MinerRow, 'account_id' | 'state' | 'valid_in_row' | 'doubt'>;

function reputationOf({ state, valid_in_row: validInRow, doubt }: ReputationRow): Reputation {
  return { state, validInRow, doubt };
}

/** Of those accounts that are miners. */
export async function reputationsOf(queries: Queries, accounts: readonly string[]): Promise<ReadonlyMap<string, Reputation>> {
  return read(queries, accounts, sql``);
}

/** In the order of their accounts, as everybody locks them. */
export async function lockReputations(queries: Queries, accounts: readonly string[]): Promise<ReadonlyMap<string, Reputation>> {
  return read(queries, accounts, dialectOf(queries) === 'postgres' ? sql`for no key update` : sql``);
}

async function read(queries: Queries, accounts: readonly string[], locks: ReturnType<typeof sql>) {
  const wanted = [...new Set(accounts)].filter((account) => account !== houseMiner);
  if (wanted.length === 0) return new Map<string, Reputation>();
  const { rows } = await sql<ReputationRow>`select account_id, state, valid_in_row, doubt from errands_miner
    where ${isAmong(queries, 'account_id', wanted)} order by account_id ${locks}`.execute(queries);
  return new Map(rows.map((row) => [row.account_id, reputationOf(row)]));
}

export interface MinerFinding {
  readonly minerId: string;
  /** What an audit found, or that most others said something else. */
  readonly found: AuditVerdict | 'disagrees';
}

const columns = {
  account_id: 'text',
  state: 'text',
  state_reason: 'text',
  valid_in_row: 'bigint',
  doubt: 'bigint',
  to_clear: 'bigint',
  audited: 'bigint',
  refused: 'bigint',
} as const;

/** Changes what is known of miners whose rows the caller has locked. Resolves who is shut out by it. */
export async function changeReputations(
  queries: Queries,
  findings: readonly MinerFinding[],
  before: ReadonlyMap<string, Reputation>,
): Promise<ReadonlySet<string>> {
  const shutOut = new Set<string>();
  const rows = [...Map.groupBy(findings, ({ minerId }) => minerId)].flatMap(([minerId, its]) => {
    const known = before.get(minerId);
    if (known === undefined) return [];
    const after = its.reduce((one, { found }) => (found === 'disagrees' ? afterDisagreement(one) : afterAudit(one, found)), known);
    const isShutOut = after.state === 'shut-out';
    if (isShutOut && known.state !== 'shut-out') shutOut.add(minerId);
    const counts = countsOf(its);
    return [
      {
        account_id: minerId,
        state: after.state,
        state_reason: isShutOut ? 'lies' : null,
        valid_in_row: after.validInRow,
        doubt: after.doubt,
        to_clear: isShutOut ? 1 : 0,
        audited: counts.audited,
        refused: counts.refused,
      },
    ];
  });
  if (rows.length > 0)
    await sql`update errands_miner set
        state = judged.state, state_reason = judged.state_reason, valid_in_row = judged.valid_in_row, doubt = judged.doubt,
        to_clear = errands_miner.to_clear + judged.to_clear, audited = errands_miner.audited + judged.audited, refused = errands_miner.refused + judged.refused
      from (${rowsFrom(queries, columns, rows)}) as judged where errands_miner.account_id = judged.account_id`.execute(queries);
  return shutOut;
}

function countsOf(findings: readonly MinerFinding[]): { readonly audited: number; readonly refused: number } {
  const audits = findings.filter(({ found }) => found !== 'disagrees' && found !== 'undecided');
  const refused = findings.filter(({ found }) => found === 'lie' || found === 'certain-lie' || found === 'disagrees');
  return { audited: audits.length, refused: refused.length };
}
