/** What a simulated world has before its house opens: a few goods and flights, so few that people compete for them. */
import { sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { State } from '#core/ports/state.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import { dayMs } from '#modules/flights/domain/time-zones.ts';
import { timetableDays } from '#modules/flights/domain/timetable.ts';
import { writeServices } from '#modules/flights/store/timetable/services.ts';
import { rollOn } from '#modules/flights/store/timetable/upkeep.ts';
import { saveCategories, saveProducts } from '#modules/shop/store/catalogue/save-products.ts';
import { receiveGoods } from '#modules/shop/store/catalogue/stock.ts';

const goods = [
  { id: 'harbour-tea', name: 'Harbour Tea', category: 'tea', variant: 'TEA-1', price: 6, pieces: 400 },
  { id: 'storm-lamp', name: 'Storm Lamp', category: 'ship', variant: 'LAMP-1', price: 34, pieces: 9 },
] as const;

const seats = 7;

export interface Stocked {
  readonly variants: readonly string[];
  readonly flights: readonly string[];
}

export interface StockOptions {
  readonly state: State;
  readonly now: number;
  readonly random: Random;
  /** When the first flight leaves. */
  readonly flightsInDays: number;
}

export async function stockUp({ state, now, random, flightsInDays }: StockOptions): Promise<Stocked> {
  await state.write(async (queries) => {
    await saveCategories(queries, [
      { id: 'tea', name: 'Tea', instrument: 'SHOP.TEA', taxBasisPoints: 700 },
      { id: 'ship', name: 'Ship chandler', instrument: 'SHOP.SHIP', taxBasisPoints: 1_900 },
    ]);
    const products = goods.map(({ id, name, category, variant, price }) => ({
      id,
      name,
      category,
      keywords: '',
      description: name,
      active: true,
      variants: [{ id: variant, name: 'one piece', price, active: true }],
    }));
    await saveProducts(queries, products, now);
    const receipts = goods.map(({ variant, pieces }) => ({ variantId: variant, pieces, reason: 'opening stock' }));
    await receiveGoods(queries, receipts, { random, now, by: 'shop' });
  });
  return { variants: goods.map(({ variant }) => variant), flights: await flightsFrom(state, now, flightsInDays) };
}

/** Four flights of one route in the next days. */
async function flightsFrom(state: State, now: number, inDays: number): Promise<readonly string[]> {
  const firstDay = Math.floor(now / dayMs) + inDays;
  const service = {
    number: 'KO1001',
    origin: 'HAM',
    destination: 'LIS',
    departsMinute: 600,
    durationMinutes: 180,
    weekdays: 0b1111111,
    aircraft: 'ATR72',
    economyBase: 40,
    businessBase: null,
    firstDay,
    lastDay: firstDay + 3,
  };
  await state.write((queries) => writeServices(queries, [service], now));
  await rollOn({ state, airports: worldAirports(), now }, 2 * timetableDays);
  return state.write(async (queries) => {
    const { rows } = await sql<{ id: string }>`select id from flights_flight order by departs_at`.execute(queries);
    await sql`update flights_fare set seats = ${seats} where flight_id = ${rows[0]?.id ?? ''}`.execute(queries);
    return rows.map(({ id }) => id);
  });
}
