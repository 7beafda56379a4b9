/** The ledger's laws, each seen to notice data that somebody broke behind the ledger's back. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type RawBuilder, sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { captureHold, houseAccounts, placeHold, refund } from '../../post.ts';
import { type LedgerContract, lawViolations, now, openWallets, postAll, transfer } from './ledger-world.ts';

const [anna, bert] = ['wallet:anna', 'wallet:bert'];

interface Break {
  readonly what: string;
  readonly statement: RawBuilder<unknown>;
  /** What the laws say of it. */
  readonly says: RegExp;
  /** Whether a bounded audit of so small a ledger sees it as well. */
  readonly recentToo: boolean;
}

const breaks: readonly Break[] = [
  {
    what: 'coins out of nothing',
    statement: sql`update coins_account set posted = posted + 1 where id = ${anna}`,
    says: /^coins-1: all balances together make 1 coins/,
    recentToo: true,
  },
  {
    what: 'a balance that its entries do not make',
    statement: sql`update coins_account set posted = posted + case id when ${anna} then 1 else -1 end where id in (${anna}, ${bert})`,
    says: /^coins-2: wallet:anna: entry 5 leaves 56 coins where entry 5 should leave 57/,
    recentToo: true,
  },
  {
    what: 'held coins without a hold',
    statement: sql`update coins_account set held = held + 1 where id = ${anna}`,
    says: /^coins-2: wallet:anna: 6 coins are held, but its open holds make 5/,
    recentToo: true,
  },
  {
    what: 'an entry that was counted but is missing',
    statement: sql`update coins_account set entries = entries + 1 where id = ${bert}`,
    says: /^coins-2: wallet:bert: entry 3 leaves 39 coins where entry 4 should leave 39/,
    recentToo: true,
  },
  {
    what: 'a changed amount',
    statement: sql`update coins_request set amount = amount + 1 where key = 'a'`,
    says: /^coins-2: wallet:anna: entry 1 leaves 100 coins where entry 1 should leave 101/,
    recentToo: true,
  },
  {
    what: 'a missing entry',
    statement: sql`delete from coins_request where key = 'c'`,
    says: /^coins-2: wallet:bert: before its first entry|^coins-2: wallet:anna: entry 4 is missing/,
    recentToo: true,
  },
  {
    what: 'a statement whose balances do not follow',
    statement: sql`update coins_request set debit_balance = debit_balance + 1 where key = 'a'`,
    says: /^coins-2: wallet:anna: entry 2 leaves 65 coins where entry 2 should leave 64/,
    recentToo: true,
  },
  {
    what: 'a request that was made twice',
    statement: sql`insert into coins_request (id, scope, key, requested_at, kind, debit, credit, amount, memo, refused)
      select 999, scope, key, requested_at, kind, debit, credit, amount, memo, refused from coins_request where key = 'a'`,
    says: /^coins-3: request test\/a is written down 2 times/,
    recentToo: true,
  },
  {
    what: 'a transfer that its wallet does not know of',
    statement: sql`insert into coins_request (id, scope, key, requested_at, kind, debit, credit, amount, memo, refused)
      values (999, 'test', 'x', 0, 'transfer', ${houseAccounts.mint}, ${anna}, 7, '', 0)`,
    says: /^coins-3: request test\/x moved coins of wallet:anna without an entry/,
    recentToo: true,
  },
  {
    what: 'a transfer that is in no statement',
    statement: sql`insert into coins_request (id, scope, key, requested_at, kind, debit, credit, amount, memo, refused, debit_entry, credit_entry)
      values (999, 'test', 'x', 0, 'transfer', ${anna}, ${bert}, 7, '', 0, 6, 4)`,
    says: /^coins-3: 10 entries are written down, but the accounts count 8/,
    recentToo: false,
  },
  {
    what: 'a refusal that has an entry',
    statement: sql`update coins_request set refused = 1 where key = 'b'`,
    says: /^coins-3: request test\/b has entry 3 of wallet:anna, but moved nothing there/,
    recentToo: true,
  },
  {
    what: 'a tail that lost a row',
    statement: sql`delete from coins_tail where account = ${'revenue:shop'}`,
    says: /^coins-2: revenue:shop: the balance is 0, but its transfers make 5/,
    recentToo: false,
  },
  {
    what: 'a capture that the hold does not know',
    statement: sql`update coins_hold set captured = 3 where state = 'captured'`,
    says: /^coins-2: hold test\/h: 3 coins captured and 1 refunded, but 4 and 1 were moved/,
    recentToo: false,
  },
  {
    what: 'more refunded than was paid',
    statement: sql`insert into coins_request (id, scope, key, requested_at, kind, debit, credit, amount, of_id, memo, refused)
      select 999, 'test', 'x', 0, 'refund', ${houseAccounts.fees}, ${houseAccounts.escrow}, 9, id, '', 0 from coins_request where key = 'b'`,
    says: /^coins-2: transfer \d+: of 5 coins, 9 were refunded/,
    recentToo: false,
  },
];

export function ledgerLawsContract(name: string, contract: LedgerContract): void {
  describe(`laws of the ledger: ${name}`, () => {
    for (const { what, statement, says, recentToo } of breaks) {
      it(`notices ${what}`, async (t) => {
        const state = await openBusyLedger(contract, t);
        assert.deepEqual(await lawViolations(state), []);
        await state.write(async (queries) => {
          await dropGuards(queries);
          await statement.execute(queries);
        });
        assertNoticed(await lawViolations(state, 'all'), says);
        if (recentToo) assertNoticed(await lawViolations(state, 'recent'), says);
      });
    }
  });

  function assertNoticed(violations: readonly string[], says: RegExp): void {
    assert.ok(
      violations.some((violation) => says.test(violation)),
      `not among the violations: ${says}; there were ${JSON.stringify(violations)}`,
    );
  }
}

/** anna 100 → bert 30 → shop 5, a hold of 4 captured and 1 of it refunded, and a hold of 5 that is open. */
async function openBusyLedger(contract: LedgerContract, t: TestContext): Promise<State> {
  const state = await contract.open(t);
  await openWallets(state, { anna: 100, bert: 0 });
  await postAll(state, transfer('a', anna, bert, 36), transfer('b', anna, 'revenue:shop', 5));
  const hold = (key: string, amount: number) => ({ scope: 'test', key, payer: anna, payee: bert, amount, at: now, expiresAt: now + 9_000 });
  await state.write(async (queries) => {
    await placeHold(queries, hold('h', 4));
    await captureHold(queries, { scope: 'test', key: 'c', hold: { scope: 'test', key: 'h' }, at: now });
    await refund(queries, { scope: 'test', key: 'r', of: { scope: 'test', key: 'c' }, amount: 1, at: now });
    await placeHold(queries, hold('open', 5));
  });
  return state;
}

/** The owner of a database can do it, too: that is what laws are for. */
async function dropGuards(queries: Queries): Promise<void> {
  await sql`drop index coins_request_name`.execute(queries);
  if (dialectOf(queries) === 'postgres') await sql`drop trigger coins_request_final on coins_request`.execute(queries);
  else for (const change of ['update', 'delete']) await sql`drop trigger ${sql.ref(`coins_request_no_${change}`)}`.execute(queries);
}
