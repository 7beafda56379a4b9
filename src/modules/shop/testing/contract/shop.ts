/** What the shop must do on every State: never oversold, never charged twice, and books that agree after whatever happened. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { nothingKept } from '../../domain/keeping.ts';
import { cartToChange, itemsOf, readCart, setItem } from '../../store/cart/carts.ts';
import { savePromo } from '../../store/cart/promos.ts';
import { holderOfCart, reserve } from '../../store/catalogue/reservations.ts';
import { cancelOrder, changeState } from '../../store/orders/order-changes.ts';
import { findOrder } from '../../store/orders/orders.ts';
import { applyPaymentEvent, genuineEvent } from '../../store/orders/provider-payments.ts';
import { keepShop } from '../../store/orders/upkeep.ts';
import { lampId, lampPrice, openShopWorld, type ShopWorld, teaId, teaPrice } from '../shop-world.ts';
import { spendElsewhereAtOnce } from '../spend-elsewhere.ts';
import { ordered, promo, refund } from './acts.ts';
import { catalogueContract } from './catalogue.ts';

export interface ShopContract {
  open(t: TestContext): Promise<State>;
}

function tally(outcomes: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function stateOf(world: ShopWorld, orderId: string): Promise<string | undefined> {
  return (await world.state.read((queries) => findOrder(queries, orderId)))?.order.state;
}

async function event(world: ShopWorld, orderId: string, kind: 'paid' | 'failed', amount: number) {
  const { paymentId } = await world.payments.begin({ reference: orderId, amount });
  const now = world.clock.now();
  const read = genuineEvent(world.payments, world.payments.pretend({ kind, paymentId, reference: orderId, amount }, now), now);
  return world.state.write((queries) => applyPaymentEvent(queries, read, world.context()));
}

export function shopContract(name: string, contract: ShopContract): void {
  const open = async (t: TestContext, options = {}) => openShopWorld(await contract.open(t), options);

  catalogueContract(name, open);

  describe(`checkout: ${name}`, () => {
    it('sells the last 10 pieces to exactly 10 of 200 who order at once', async (t) => {
      const world = await open(t, { lamps: 10 });
      const customers = await Promise.all(Array.from({ length: 200 }, (_, index) => world.customer(`buyer-${index}`, 100)));
      await Promise.all(customers.map((customer) => world.fillCart(customer, { [lampId]: 1 })));
      const answers = await Promise.all(customers.map((customer) => world.order(customer)));
      assert.deepEqual(tally(answers), { ordered: 10, short: 190 });
      assert.deepEqual(await world.stockOf(lampId), { onHand: 0, reserved: 0, sold: 10, returned: 0 });
      const coins = await Promise.all(customers.map((customer) => world.coinsOf(customer)));
      assert.equal(
        coins.reduce((sum, count) => sum + count, 0),
        200 * 100 - 10 * lampPrice,
      );
      assert.deepEqual(await world.violations(), []);
    });

    it('makes one order of a request that is sent many times at once, and of two checkouts of one cart', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 1_000);
      await world.fillCart(anna, { [teaId]: 2 });
      const wish = { key: 'the same key', expectedTotal: 2 * teaPrice };
      const answers = await Promise.all(Array.from({ length: 20 }, () => world.order(anna, wish)));
      assert.equal(new Set(answers.map((answer) => answer.outcome === 'ordered' && answer.orderId)).size, 1);
      assert.deepEqual(tally(answers), { ordered: 20 });
      await world.fillCart(anna, { [teaId]: 1 });
      const two = await Promise.all([1, 2].map((number) => world.order(anna, { key: `tab ${number}`, expectedTotal: teaPrice })));
      assert.deepEqual(tally(two), { ordered: 1, empty: 1 });
      assert.equal(await world.coinsOf(anna), 1_000 - 3 * teaPrice);
      assert.equal((await world.order(anna, { ...wish, expectedTotal: 1 })).outcome, 'conflict');
      assert.deepEqual(await world.violations(), []);
    });

    it('refuses without a trace what cannot be paid, has another price, or is sold out; the same key may try again', async (t) => {
      const world = await open(t, { lamps: 1 });
      const poor = await world.customer('poor', lampPrice - 1);
      await world.fillCart(poor, { [lampId]: 1 });
      assert.deepEqual(await world.order(poor, { key: 'again' }), { outcome: 'insufficient', available: lampPrice - 1, total: lampPrice });
      assert.deepEqual(await world.order(poor, { expectedTotal: 1 }), { outcome: 'price-changed', total: lampPrice });
      assert.deepEqual(await world.order('nobody'), { outcome: 'empty' });
      await world.fillCart(poor, { [lampId]: 2 });
      assert.deepEqual(await world.order(poor), { outcome: 'short', variantId: lampId, wanted: 2, available: 1 });
      await world.fillCart(poor, { [lampId]: 0, [teaId]: 1 });
      assert.equal((await world.order(poor, { key: 'again' })).outcome, 'ordered');
      assert.deepEqual(await world.stockOf(lampId), { onHand: 1, reserved: 0, sold: 0, returned: 0 });
      assert.deepEqual(await world.violations(), []);
    });

    it('takes either the order or what the same coins are spent on elsewhere at the same moment', async (t) =>
      spendElsewhereAtOnce(await open(t)));

    it('counts a promo code to its limits, in all and for each account, however many use it at once', async (t) => {
      const world = await open(t);
      await world.state.write((queries) => savePromo(queries, { ...promo, maxUses: 5, maxUsesPerAccount: 1 }, world.clock.now()));
      const customers = await Promise.all(Array.from({ length: 12 }, (_, index) => world.customer(`saver-${index}`, 100)));
      await Promise.all(customers.map((customer) => world.fillCart(customer, { [teaId]: 5 }, 'MOIN')));
      const answers = await Promise.all(customers.map((customer) => world.order(customer, { expectedTotal: 27 })));
      assert.deepEqual(tally(answers), { ordered: 5, 'promo-refused': 7 });
      await world.state.write((queries) => savePromo(queries, { ...promo, maxUses: 50, maxUsesPerAccount: 1 }, world.clock.now()));
      const winner = customers[answers.findIndex(({ outcome }) => outcome === 'ordered')] ?? '';
      await world.fillCart(winner, { [teaId]: 5 }, 'MOIN');
      assert.equal((await world.order(winner, { expectedTotal: 27 })).outcome, 'promo-refused');
      assert.equal(await world.state.write((queries) => savePromo(queries, { ...promo, maxUses: 4 }, world.clock.now())), undefined);
      assert.deepEqual(await world.violations(), []);
    });

    it('puts each sale on the tape as a trade of its department’s instrument, if and only if it was sold', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 1_000);
      await ordered(world, anna, { [teaId]: 2, [lampId]: 1 });
      await world.fillCart(anna, { [teaId]: 99 });
      assert.equal((await world.order(anna)).outcome, 'short');
      const { rows } = await world.state.read((queries) =>
        sql<{ topic: string; partition: string; count: number }>`select topic, partition, count from outbox order by partition`.execute(
          queries,
        ),
      );
      assert.deepEqual(rows, [
        { topic: 'trades', partition: 'SHOP.SHIP', count: 1 },
        { topic: 'trades', partition: 'SHOP.TEA', count: 1 },
      ]);
    });

    it('adds the tax where prices are without it', async (t) => {
      const world = await open(t, { taxMode: 'added' });
      const anna = await world.customer('anna', 1_000);
      await ordered(world, anna, { [lampId]: 2 });
      assert.equal(await world.coinsOf(anna), 1_000 - 68 - 13);
      assert.deepEqual(await world.violations(), []);
    });
  });

  describe(`stock and carts: ${name}`, () => {
    it('keeps reserved pieces for the cart that has them, and releases them when the time is over', async (t) => {
      const world = await open(t, { lamps: 3 });
      const [anna, ben] = [await world.customer('anna', 500), await world.customer('ben', 500)];
      const keep = () =>
        world.state.write(async (queries) => {
          const cartId = await cartToChange(queries, { accountId: anna, guestCartId: undefined }, world.context());
          const items = await itemsOf(queries, cartId);
          const expiresAt = world.clock.now() + 1_000;
          return reserve(queries, { holder: holderOfCart(cartId), items, expiresAt }, async () => nothingKept);
        });
      await world.fillCart(anna, { [lampId]: 2 });
      assert.equal((await keep()).outcome, 'reserved');
      await world.fillCart(ben, { [lampId]: 2 });
      assert.deepEqual(await world.order(ben), { outcome: 'short', variantId: lampId, wanted: 2, available: 1 });
      assert.equal((await world.order(anna)).outcome, 'ordered');
      await world.fillCart(anna, { [lampId]: 1 });
      assert.equal((await keep()).outcome, 'reserved');
      await world.fillCart(ben, { [lampId]: 1 });
      assert.equal((await world.order(ben)).outcome, 'short');
      await world.clock.advance(1_001);
      await keepShop(world.ports, world.options);
      assert.equal((await world.order(ben)).outcome, 'ordered');
      assert.deepEqual(await world.stockOf(lampId), { onHand: 0, reserved: 0, sold: 3, returned: 0 });
      assert.deepEqual(await world.violations(), []);
    });

    it('merges a guest’s cart into the member’s at login, once', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 0);
      await world.fillCart(anna, { [teaId]: 1 });
      const context = world.context();
      const guestCartId = await world.state.write(async (queries) => {
        const id = await cartToChange(queries, { accountId: undefined, guestCartId: undefined }, context);
        await setItem(queries, id, { variantId: teaId, quantity: 2 }, context.now);
        await setItem(queries, id, { variantId: lampId, quantity: 1 }, context.now);
        return id;
      });
      const merged = [
        { variantId: teaId, quantity: 3 },
        { variantId: lampId, quantity: 1 },
      ];
      const byName = (items: readonly { variantId: string }[]) =>
        [...items].sort((one, other) => (one.variantId > other.variantId ? -1 : 1));
      const shopper = { accountId: anna, guestCartId };
      const shown = await world.state.read((queries) => readCart(queries, shopper));
      assert.deepEqual(byName(shown.items), merged, 'as it is shown before anything was changed');
      for (let time = 0; time < 2; time += 1) {
        const items = await world.state.write(async (queries) => itemsOf(queries, await cartToChange(queries, shopper, context)));
        assert.deepEqual(byName(items), merged, `change ${time}`);
      }
    });
  });

  describe(`carts from before the login: ${name}`, () => {
    async function guestCart(world: ShopWorld, pieces: number): Promise<string> {
      const context = world.context();
      return world.state.write(async (queries) => {
        const id = await cartToChange(queries, { accountId: undefined, guestCartId: undefined }, context);
        await setItem(queries, id, { variantId: teaId, quantity: pieces }, context.now);
        return id;
      });
    }

    it('joins the order, with a cart of the member’s own or without one', async (t) => {
      const world = await open(t);
      const [anna, ben] = [await world.customer('anna', 500), await world.customer('ben', 500)];
      await world.fillCart(anna, { [lampId]: 1 });
      const guest = { anna: await guestCart(world, 2), ben: await guestCart(world, 1) };
      const answers = await Promise.all([
        world.order(anna, { guestCartId: guest.anna, expectedTotal: lampPrice + 2 * teaPrice }),
        world.order(ben, { guestCartId: guest.ben, expectedTotal: teaPrice }),
      ]);
      assert.deepEqual(tally(answers), { ordered: 2 });
      for (const [accountId, guestCartId] of [
        [anna, guest.anna],
        [ben, guest.ben],
      ]) {
        const left = await world.state.read((queries) => readCart(queries, { accountId, guestCartId }));
        assert.deepEqual(left.items, []);
      }
      assert.deepEqual(await world.violations(), []);
    });

    it('joins one order only, and stays where the order is refused', async (t) => {
      const world = await open(t);
      const [anna, ben] = [await world.customer('anna', 500), await world.customer('ben', 500)];
      const guestCartId = await guestCart(world, 2);
      assert.equal((await world.order(anna, { guestCartId, expectedTotal: 1 })).outcome, 'price-changed');
      const answers = await Promise.all([anna, ben].map((one) => world.order(one, { guestCartId, expectedTotal: 2 * teaPrice })));
      assert.deepEqual(tally(answers), { ordered: 1, empty: 1 });
      assert.deepEqual(await world.violations(), []);
    });
  });

  describe(`orders: ${name}`, () => {
    it('gives back pieces, amounts and the rest, to exactly the total and with the goods', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 1_000);
      const orderId = await ordered(world, anna, { [teaId]: 3, [lampId]: 1 });
      const pieces = { kind: 'pieces', pieces: [{ line: 1, quantity: 1, restock: true }] } as const;
      const first = await refund(world, orderId, pieces);
      const again = await refund(world, orderId, pieces);
      assert.deepEqual([first.outcome, again.outcome === 'refunded' && again.repeated], ['refunded', true]);
      assert.equal((await refund(world, orderId, { kind: 'amount', amount: 5 })).outcome, 'refunded');
      assert.equal((await refund(world, orderId, { kind: 'amount', amount: 1_000 })).outcome, 'exceeds');
      assert.equal((await refund(world, orderId, { kind: 'everything', restock: false })).outcome, 'refunded');
      assert.equal((await refund(world, orderId, { kind: 'amount', amount: 1 })).outcome, 'exceeds');
      assert.equal(await world.coinsOf(anna), 1_000);
      assert.equal(await stateOf(world, orderId), 'cancelled');
      assert.equal((await world.stockOf(teaId)).returned + (await world.stockOf(lampId)).returned, 1);
      assert.deepEqual(await world.violations(), []);
    });

    it('refunds once when many ask at the same moment', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 100);
      const orderId = await ordered(world, anna, { [lampId]: 1 });
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => refund(world, orderId, { kind: 'everything', restock: true }, `key ${index}`)),
      );
      assert.deepEqual(tally(answers), { refunded: 1, exceeds: 9 });
      assert.equal(await world.coinsOf(anna), 100);
      assert.deepEqual(await world.violations(), []);
    });

    it('goes through the states in order, and can be cancelled until it is packed', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 1_000);
      const by = { ...world.context(), by: 'test' };
      const to = (orderId: string, state: 'packed' | 'shipped' | 'delivered') =>
        world.state.write((queries) => changeState(queries, { orderId, to: state, note: '' }, by));
      const cancel = (orderId: string) => world.state.write((queries) => cancelOrder(queries, orderId, '', by));
      const sent = await ordered(world, anna, { [teaId]: 1 });
      assert.equal((await to(sent, 'shipped')).outcome, 'impossible');
      for (const state of ['packed', 'shipped', 'delivered'] as const) assert.equal((await to(sent, state)).outcome, 'changed');
      assert.equal((await cancel(sent)).outcome, 'too-late');
      await refund(world, sent, { kind: 'everything', restock: true });
      assert.equal(await stateOf(world, sent), 'returned');
      const given = await ordered(world, anna, { [teaId]: 1 });
      assert.equal((await cancel(given)).outcome, 'refunded');
      assert.equal((await cancel(given)).outcome, 'cancelled');
      assert.equal(await world.coinsOf(anna), 1_000);
      assert.deepEqual(await world.stockOf(teaId), { onHand: 100, reserved: 0, sold: 2, returned: 2 });
      assert.deepEqual(await world.violations(), []);
    });

    it('sells for a provider’s word once, lets go of what is not paid, and owes back what is paid too late', async (t) => {
      const world = await open(t, { lamps: 2 });
      const anna = await world.customer('anna', 0);
      const paid = await ordered(world, anna, { [lampId]: 1 }, 'provider');
      const late = await ordered(world, anna, { [lampId]: 1 }, 'provider');
      assert.deepEqual(await world.stockOf(lampId), { onHand: 2, reserved: 2, sold: 0, returned: 0 });
      assert.equal(await event(world, paid, 'paid', 1), 'mismatch');
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => event(world, paid, 'paid', lampPrice)));
      assert.deepEqual(outcomes.toSorted(), ['applied', 'repeated', 'repeated', 'repeated', 'repeated']);
      await world.clock.advance(world.options.reservationMs + 1);
      await keepShop(world.ports, world.options);
      assert.deepEqual([await stateOf(world, paid), await stateOf(world, late)], ['paid', 'cancelled']);
      assert.equal(await event(world, late, 'paid', lampPrice), 'late');
      await keepShop(world.ports, world.options);
      assert.deepEqual([...world.payments.refunds.values()], [lampPrice]);
      await refund(world, paid, { kind: 'everything', restock: true });
      await keepShop(world.ports, world.options);
      assert.deepEqual([...world.payments.refunds.values()], [lampPrice, lampPrice]);
      assert.deepEqual(await world.stockOf(lampId), { onHand: 2, reserved: 0, sold: 1, returned: 1 });
      assert.deepEqual(await world.violations(), []);
    });
  });

  describe(`law: ${name}`, () => {
    const breaks: Readonly<Record<string, string>> = {
      'a piece that no order sold': `update shop_stock set sold = sold + 1, on_hand = on_hand - 1 where variant_id = '${teaId}'`,
      'goods that nobody received': `update shop_stock set received = received + 1, on_hand = on_hand + 1 where variant_id = '${teaId}'`,
      'a reservation that is not there': `update shop_stock set reserved = reserved + 1 where variant_id = '${teaId}'`,
      'a line that is worth more': `update shop_order_line set net = net + 1, gross = gross + 1`,
      'a payment of another amount': `update shop_payment set amount = amount + 1`,
      'a payment that is gone': `delete from shop_payment`,
      'a refund that was not made': `update shop_order set refunded = 1`,
      'a total that the ledger did not move': `update shop_payment set reference = '', method = 'coins'; update shop_order set id = 'KO-X'; update shop_order_line set order_id = 'KO-X'; update shop_payment set order_id = 'KO-X'`,
    };
    for (const [what, statements] of Object.entries(breaks)) {
      it(`the law notices ${what}`, async (t) => {
        const world = await open(t);
        await ordered(world, await world.customer('anna', 100), { [teaId]: 1 });
        assert.deepEqual(await world.violations(), []);
        await world.state.write(async (queries) => {
          for (const statement of statements.split(';')) await sql.raw(statement).execute(queries);
        });
        assert.notDeepEqual(await world.violations(), []);
      });
    }

    it('the bounded law holds with many orders of one moment', async (t) => {
      const world = await open(t, { tea: 300 });
      const customers = await Promise.all(Array.from({ length: 250 }, (_, index) => world.customer(`early-${index}`, teaPrice)));
      await Promise.all(customers.map((customer) => world.fillCart(customer, { [teaId]: 1 })));
      const answers = await Promise.all(customers.map((customer) => world.order(customer)));
      assert.deepEqual(tally(answers), { ordered: 250 });
      const { rows } = await world.state.read((queries) =>
        sql<{ moments: number }>`select count(distinct created_at) as moments from shop_order`.execute(queries),
      );
      assert.equal(Number(rows[0]?.moments), 1, 'all of one moment');
      assert.deepEqual(await world.violations(), []);
    });

    it('the tables themselves refuse to sell what is not there', async (t) => {
      const world = await open(t);
      const oversell = 'update shop_stock set on_hand = on_hand - 1000, sold = sold + 1000';
      await assert.rejects(world.state.write((queries) => sql.raw(oversell).execute(queries)));
    });
  });
}
