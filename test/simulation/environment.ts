/** The options of a simulated house, and what of them differs from seed to seed. */
import type { Random } from '#core/ports/random.ts';
import { anyOf } from './dice.ts';

export type Environment = Readonly<Record<string, string>>;

/** Short intervals and small tables. */
export function environmentFor(random: Random): Environment {
  return {
    DEMO: 'on',
    STOCK: 'MSFT,TSLA',
    TICKER_INTERVAL: String(anyOf(random, [300, 1_000, 4_000])),
    BATCH_SIZE: String(anyOf(random, [4, 20, 90])),
    STOCKS_HISTORY_MINUTES: '0',
    SHOP_DEMO_GOODS: 'off',
    SHOP_RESERVATION_MINUTES: '1',
    FLIGHTS_DEMO_TIMETABLE: 'off',
    FLIGHTS_SIMULATED_VISITORS: 'off',
    FLIGHTS_QUOTE_MINUTES: '1',
    FLIGHTS_LAND_SECONDS: String(random.int(10)),
    FLIGHTS_PRICE_MINUTES: '1',
    FLIGHTS_LAKE_COMPACT_HOURS: '0',
    ERRANDS_HOUSE_MINER: random.int(2) === 0 ? 'on' : 'off',
    AUDIT_INTERVAL_MS: '5000',
  };
}

/** In a day, what is kept for hours goes, and sessions end. */
export function dayEnvironmentFor(random: Random): Environment {
  const base = environmentFor(random);
  const own = {
    SESSION_IDLE_HOURS: String(anyOf(random, [1, 4, 24])),
    SESSION_MAX_DAYS: '1',
    ADMIN_SESSION_MAX_HOURS: '3',
    STOCKS_KEEP_BATCHES: '100',
    STOCKS_KEEP_SECOND_BARS_HOURS: '1',
    STOCKS_KEEP_MINUTE_BARS_DAYS: '1',
    SHOP_RESERVATION_MINUTES: String(anyOf(random, [1, 15, 240])),
    FLIGHTS_QUOTE_MINUTES: String(anyOf(random, [1, 10, 120])),
    FLIGHTS_KEEP_DAYS: '1',
    FLIGHTS_PRICE_MINUTES: String(anyOf(random, [1, 3])),
    ERRANDS_KEEP_DAYS: '1',
    ERRANDS_SETTLE_SECONDS: String(anyOf(random, [2, 600, 7_200])),
  };
  return { ...base, ...own };
}
