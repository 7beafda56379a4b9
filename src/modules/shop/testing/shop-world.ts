/** A small shop for tests, on whichever State: two products, accounts with coins, and a way to order like a customer. */
import assert from 'node:assert/strict';
import { outboxMigrations } from '#core/outbox.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { houseAccounts, openAccount, openAccounts, post, walletOf } from '#modules/coins/post.ts';
import { balanceOf } from '#modules/coins/store/accounts.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { asStored } from '../demo/translations.ts';
import { revenueAccount } from '../domain/settings.ts';
import { openTestPayments, type TestPayments } from '../engines/payment/test.ts';
import { shopLaws } from '../laws.ts';
import type { ShopTerms } from '../ports/ports.ts';
import { viewCart } from '../store/cart/cart-view.ts';
import { cartToChange, setItem, setPromoCode } from '../store/cart/carts.ts';
import { saveCategories, saveProducts } from '../store/catalogue/save-products.ts';
import { findStock, receiveGoods } from '../store/catalogue/stock.ts';
import { type CheckoutAnswer, type CheckoutContext, type CheckoutDesk, openCheckoutDesk } from '../store/checkout/checkout.ts';
import { shopMigrations } from '../store/tables.ts';

export const teaId = 'TEA-1';
export const lampId = 'LAMP-1';
export const teaPrice = 6;
export const lampPrice = 34;

export interface ShopWorld {
  readonly state: State;
  readonly clock: ManualClock;
  readonly options: ShopTerms;
  readonly payments: TestPayments;
  readonly desk: CheckoutDesk;
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;
  context(): CheckoutContext;
  /** Opens a wallet with so many coins; resolves the account's id. */
  customer(name: string, coins: number): Promise<string>;
  fillCart(accountId: string, items: Readonly<Record<string, number>>, promoCode?: string): Promise<void>;
  order(accountId: string, wish?: Wish): Promise<CheckoutAnswer>;
  coinsOf(accountId: string): Promise<number>;
  stockOf(variantId: string): Promise<{ onHand: number; reserved: number; sold: number; returned: number }>;
  violations(): Promise<readonly string[]>;
}

interface Wish {
  readonly key?: string;
  readonly payment?: 'coins' | 'provider';
  /** What the cart comes to, if left out. */
  readonly expectedTotal?: number;
  readonly guestCartId?: string;
}

export interface ShopWorldOptions {
  readonly taxMode?: ShopTerms['taxMode'];
  readonly tea?: number;
  readonly lamps?: number;
  /** Where several worlds stand on one State, each needs its own. */
  readonly seed?: number;
}

const address = JSON.stringify({ name: 'Anna', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' });
let keys = 0;

export async function openShopWorld(
  state: State,
  { taxMode = 'included', tea = 100, lamps = 10, seed = 7 }: ShopWorldOptions = {},
): Promise<ShopWorld> {
  await state.migrate([...outboxMigrations, ...peopleMigrations, ...coinsMigrations, ...shopMigrations]);
  await state.write((queries) => openAccounts(queries, [revenueAccount]));
  const clock = manualClock();
  const random = seededRandom(seed);
  const payments = openTestPayments({ secret: 'a secret of the test provider' });
  const options: ShopTerms = { taxMode, demoCatalogue: false, reservationMs: 60_000, paymentsOnlyInDemo: false, payments };
  const context = (): CheckoutContext => ({ ...options, random, now: clock.now() });
  const desk = openCheckoutDesk(state, context);
  await stockUp(state, { tea, lamps }, context());

  async function totalOf(accountId: string): Promise<number> {
    const shopper = { accountId, guestCartId: undefined };
    return (await state.read((queries) => viewCart(queries, shopper, { taxMode, now: clock.now(), texts: asStored }))).total;
  }

  return {
    state,
    clock,
    options,
    payments,
    desk,
    context,
    ports: { state, clock, random, log: silentLog() },
    async customer(name, coins) {
      await state.write(async (queries) => {
        const wallet = await openAccount(queries, { owner: name, kind: 'wallet', mode: 'strict' });
        if (coins === 0) return;
        const grant = {
          scope: 'test',
          key: name,
          kind: 'grant',
          debit: houseAccounts.mint,
          credit: wallet,
          amount: coins,
          at: clock.now(),
        } as const;
        const [answer] = await post(queries, [grant]);
        assert.equal(answer?.outcome, 'posted');
      });
      return name;
    },
    async fillCart(accountId, items, promoCode) {
      await state.write(async (queries) => {
        const cartId = await cartToChange(queries, { accountId, guestCartId: undefined }, context());
        for (const [variantId, quantity] of Object.entries(items)) await setItem(queries, cartId, { variantId, quantity }, clock.now());
        if (promoCode !== undefined) await setPromoCode(queries, cartId, promoCode);
      });
    },
    async order(accountId, { key, payment = 'coins', expectedTotal, guestCartId } = {}) {
      keys += 1;
      const total = expectedTotal ?? (await totalOf(accountId));
      return desk.submit({
        accountId,
        key: key ?? `key ${keys}`,
        bodyHash: `${payment} ${total}`,
        guestCartId,
        payment,
        expectedTotal: total,
        shipTo: address,
      });
    },
    async coinsOf(accountId) {
      return (await state.read((queries) => balanceOf(queries, walletOf(accountId))))?.posted ?? 0;
    },
    async stockOf(variantId) {
      const stock = await state.read((queries) => findStock(queries, variantId));
      assert.ok(stock, `${variantId} has a shelf`);
      const { onHand, reserved, sold, returned } = stock;
      return { onHand, reserved, sold, returned };
    },
    async violations() {
      const found = [];
      for (const law of shopLaws()) {
        for (const scope of ['all', 'recent'] as const)
          found.push(...(await law.check({ state, clock, random } as never, scope)).violations);
      }
      return found;
    },
  };
}

async function stockUp(state: State, pieces: { tea: number; lamps: number }, { random, now }: CheckoutContext): Promise<void> {
  const goods = [
    { id: 'harbour-tea', category: 'tea', name: 'Harbour Tea', keywords: 'assam tee', variant: teaId, price: teaPrice, pieces: pieces.tea },
    {
      id: 'storm-lamp',
      category: 'ship',
      name: 'Storm Lamp',
      keywords: 'brass laterne',
      variant: lampId,
      price: lampPrice,
      pieces: pieces.lamps,
    },
  ];
  await state.write(async (queries) => {
    await saveCategories(queries, [
      { id: 'tea', name: 'Tea', instrument: 'SHOP.TEA', taxBasisPoints: 700 },
      { id: 'ship', name: 'Ship chandler', instrument: 'SHOP.SHIP', taxBasisPoints: 1_900 },
    ]);
    const products = goods.map(({ variant, price, pieces: _pieces, ...product }) => ({
      ...product,
      description: `${product.name} for tests`,
      active: true,
      variants: [{ id: variant, name: 'one piece', price, active: true }],
    }));
    await saveProducts(queries, products, now);
    const receipts = goods
      .map(({ variant, pieces: count }) => ({ variantId: variant, pieces: count, reason: 'opening stock' }))
      .filter((receipt) => receipt.pieces > 0);
    if (receipts.length > 0) await receiveGoods(queries, receipts, { random, now, by: 'test' });
  });
}
