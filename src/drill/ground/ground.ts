/** Where a drill takes place: a house of its own, which it may damage, and the faults that are possible there. */
import type { Fault, FaultKind } from '../faults.ts';
import type { SmallDisk } from './small-disk.ts';

export const groundNames = ['embedded', 'cluster'] as const;
export type GroundName = (typeof groundNames)[number];

export interface GroundOptions {
  /** Of the pages that errands fetch. */
  readonly pagesHost: string;
  readonly secret: string;
  /** Engines to start; in a cluster only. */
  readonly engines: readonly string[];
  /** For the data folder; on embedded engines only. */
  readonly disk: SmallDisk | undefined;
  /** Aborts when the drill is ended early. */
  readonly signal: AbortSignal;
  note(line: string): void;
}

export interface Ground {
  readonly name: GroundName;
  /** Where clients reach the house, whatever happens behind it. */
  readonly url: string;
  /** The options of its house, for commands on its books. */
  readonly environment: Readonly<Record<string, string>>;
  /** What may happen now, and to what: the possible kinds are always the same, in the same order. */
  targets(): ReadonlyMap<FaultKind, readonly string[]>;
  /** Lets it happen; resolves what ends it, or undefined when it is over at once. */
  inject(fault: Fault): Promise<(() => Promise<void>) | undefined>;
  /** Stops everything, and removes its folder unless it is kept. */
  close(options: { readonly keepsFolder: boolean }): Promise<void>;
  /** Its data and logs. */
  readonly folder: string;
}

/** Engines of which another node takes over by itself when the active one dies. */
const failsOver = 'postgres-ha';

interface Possibilities {
  readonly on: GroundName;
  readonly engines: readonly string[];
  readonly disk: SmallDisk | undefined;
}

/** Why a kind of fault cannot be done there; undefined for one that can. */
export function whyImpossible(kind: FaultKind, { on, engines, disk }: Possibilities): string | undefined {
  if (kind === 'full-disk' && on === 'cluster') return 'full-disk is possible with --on embedded only: engines keep the data of a cluster';
  if (kind === 'full-disk' && disk === undefined)
    return 'full-disk needs the right to mount a small disk, which this user does not have: run the drill as root, or leave full-disk out';
  if (kind === 'failover' && on === 'cluster' && !engines.includes(failsOver))
    return `failover in a cluster needs an engine that fails over: --engines ${failsOver}`;
  return undefined;
}

/** Options of the house under drill: its loads and the books are small, so that two cores suffice. */
export function drillEnvironment(pagesHost: string, secret: string): Readonly<Record<string, string>> {
  return {
    DEMO: 'on',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'warn',
    SECRETS_KEY: secret,
    SHOP_PAYMENT_SECRET: secret,
    COINS_FAUCET_PER_DAY: '1000000000',
    STOCK: 'MSFT,TSLA,AAPL',
    TICKER_INTERVAL: '20',
    STOCKS_HISTORY_MINUTES: '0',
    FLIGHTS_DEMO_FLIGHTS: '2000',
    FLIGHTS_SIMULATED_VISITORS: 'off',
    FLIGHTS_PRICE_MINUTES: '1',
    ERRANDS_ALLOWED_HOSTS: pagesHost,
    ERRANDS_HOUSE_MINER: 'off',
    ERRANDS_SETTLE_SECONDS: '0',
  };
}
