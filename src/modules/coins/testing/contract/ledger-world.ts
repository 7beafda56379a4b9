/** What the ledger's suites are run on, and short ways to speak to it. */
import type { TestContext } from 'node:test';
import { auditLaws } from '#core/laws/audit.ts';
import type { Books, Scope } from '#core/laws/law.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import { manualClock } from '#testkit/clock.ts';
import type { Balance } from '../../domain/accounts.ts';
import { coinsLaws } from '../../laws.ts';
import { houseAccounts, openAccount, openAccounts, post, type Transfer, walletOf } from '../../post.ts';
import { balanceOf } from '../../store/accounts.ts';
import { coinsMigrations } from '../../store/tables.ts';

export interface LedgerContract {
  /** A fresh, empty State; closed in `t.after`. */
  open(t: TestContext): Promise<State>;
}

/** The time of all requests that do not say another. */
export const now = 1_772_438_400_000;

/** Opens the account of a shop, and a wallet with so many coins for each name. */
export async function openWallets(state: State, coins: Readonly<Record<string, number>>): Promise<void> {
  await state.migrate([...peopleMigrations, ...coinsMigrations]);
  await state.write(async (queries) => {
    await openAccounts(queries, ['revenue:shop']);
    for (const name of Object.keys(coins)) await openAccount(queries, { owner: name, kind: 'wallet', mode: 'strict' });
    const grants = Object.entries(coins).filter(([, amount]) => amount > 0);
    await post(
      queries,
      grants.map(([name, amount]) => transfer(`start ${name}`, houseAccounts.mint, walletOf(name), amount)),
    );
  });
}

export function transfer(key: string, debit: string, credit: string, amount: number): Transfer {
  return { scope: 'test', key, kind: 'transfer', debit, credit, amount, at: now };
}

export function postAll(state: State, ...transfers: readonly Transfer[]) {
  return state.write((queries) => post(queries, transfers));
}

export async function balance(state: State, account: string): Promise<Balance | undefined> {
  return state.read((queries) => balanceOf(queries, account));
}

/** What the laws of the ledger find wrong, each with its id. */
export async function lawViolations(state: State, scope: Scope = 'all'): Promise<readonly string[]> {
  const clock = manualClock({ flowing: true });
  const books = { state, clock, random: seededRandom(1) } as unknown as Books;
  const verdicts = await auditLaws({ laws: coinsLaws, books, scope, timeoutMs: 60_000 });
  return verdicts.flatMap(({ lawId, violations }) => violations.map((violation) => `${lawId}: ${violation}`));
}
