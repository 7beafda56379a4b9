/** What holds of the wishes at every committed moment. */
import { sql } from 'kysely';
import { type Law, maxViolations } from '#core/laws/law.ts';
import { amountMovedFor } from '#modules/coins/post.ts';
import { wishesTables } from './store/tables.ts';
import { ledgerScope } from './store/wishes.ts';

/** Looked at beside live traffic. */
const recentRows = 200;

export const wishesLaws: readonly Law[] = [
  {
    id: 'wishes-1',
    says: 'Every wish is paid: the ledger moved its price, once.',
    enforcedBy: 'a wish, its payment and its sale in one transaction (store/wishes.ts)',
    check: ({ state }, scope) =>
      state.read(async (queries) => {
        const { count } = await wishesTables(queries)
          .selectFrom('wishes_wish')
          .select((select) => select.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        const newest = sql`(select * from wishes_wish order by made_at desc, id desc limit ${sql.lit(recentRows)})`;
        const moved = amountMovedFor(ledgerScope, sql`wish.id`);
        const unpaid = sql<{ id: string; price: number; moved: number | null }>`select id, price, moved
          from (select wish.id, wish.price, ${moved} as moved from ${scope === 'all' ? sql`wishes_wish` : newest} wish) paid
          where moved is null or moved <> price limit ${sql.lit(maxViolations)}`;
        const { rows } = await unpaid.execute(queries);
        return {
          checked: `${count} wishes`,
          violations: rows.map((wish) => `the wish ${wish.id} costs ${wish.price} coins, but the ledger moved ${wish.moved ?? 'none'}`),
        };
      }),
  },
];
