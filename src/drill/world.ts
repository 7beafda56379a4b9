/** The people of a drill and what they do, on all markets at the same time. */
import type { Random } from '#core/ports/random.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { Journal } from './journal.ts';
import { keepSending } from './load/coins-load.ts';
import { type Customer, openCustomer, stockShop, tokenOf } from './load/customers.ts';
import { keepMining, keepOrdering } from './load/errands-load.ts';
import { findRoutes, keepFlying } from './load/flights-load.ts';
import { HouseClient } from './load/house-client.ts';
import type { PageServer } from './load/page-server.ts';
import { keepBuying } from './load/shop-load.ts';
import { keepWatching } from './load/stocks-load.ts';
import { WalletReader } from './load/wallet-reader.ts';

/** How long requests that are under way when the load ends may take. */
const lastAnswersMs = 90_000;

export interface People {
  readonly buyer: Customer;
  readonly traveller: Customer;
  readonly payer: Customer;
  readonly payee: Customer;
  readonly orderer: Customer;
  readonly miner: Customer;
}

export interface World {
  readonly journal: Journal;
  readonly people: People;
  readonly wallets: WalletReader;
  /** The most trades of each company that were shown. */
  readonly tradesSeen: ReadonlyMap<string, number>;
  /** What went wrong with the clients themselves: answers that they do not understand. */
  readonly defects: readonly string[];
  /** Nothing new is asked for; resolves when all that was asked has its outcome. The miner goes on. */
  endLoad(): Promise<void>;
  /** The miner stops, too. */
  endMining(): Promise<void>;
}

export interface WorldOptions {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly pages: PageServer;
  readonly seed: number;
  /** Tells this drill's accounts from those of others. */
  readonly run: string;
}

export async function openWorld({ url, environment, pages, seed, run }: WorldOptions): Promise<World> {
  const articles = await stockShop(url, environment, run);
  const routes = await findRoutes(url);
  if (routes.length === 0) throw new Error('there are no flights between the busiest airports');
  const open = (name: string) => openCustomer(url, name, run);
  const [buyer, traveller, orderer, miner] = [await open('buyer'), await open('traveller'), await open('orderer'), await open('miner')];
  const [payer, payee] = [await open('payer'), await open('payee')];
  const token = await tokenOf(url, miner);

  const journal = new Journal();
  const defects: string[] = [];
  const tradesSeen = new Map<string, number>();
  const [load, mining] = [new AbortController(), new AbortController()];
  let seeds = seed;
  const nextRandom = (): Random => {
    seeds += 1;
    return seededRandom(seeds);
  };
  const clientUntil = ({ signal }: AbortController, over: AbortController) =>
    new HouseClient({ url, journal, random: nextRandom(), stopping: signal, over: over.signal });
  const [loadOver, miningOver] = [new AbortController(), new AbortController()];
  const client = clientUntil(load, loadOver);
  const wallet = new WalletReader(client, journal, nextRandom());
  const errands = { client, journal, customer: orderer, pages };
  const note = (error: Error) => void defects.push(`a client broke: ${error.message}`);
  const working = Promise.all(
    [
      keepWatching(client, journal, tradesSeen),
      keepBuying({ client, journal, random: nextRandom(), customer: buyer, articles, wallet }),
      keepFlying({ client, journal, random: nextRandom(), customer: traveller, routes, wallet }),
      keepSending({ client, journal, random: nextRandom(), both: [payer, payee], wallet }),
      keepOrdering(errands),
    ].map((one) => one.catch(note)),
  );
  const minerClient = clientUntil(mining, miningOver);
  const minerWorking = keepMining({ client: minerClient, journal, customer: miner, pages }, token).catch(note);
  return {
    journal,
    people: { buyer, traveller, payer, payee, orderer, miner },
    wallets: wallet,
    tradesSeen,
    defects,
    endLoad: () => ended(load, loadOver, working),
    endMining: () => ended(mining, miningOver, minerWorking),
  };
}

async function ended(stopping: AbortController, over: AbortController, working: Promise<unknown>): Promise<void> {
  stopping.abort();
  const timer = setTimeout(() => over.abort(), lastAnswersMs);
  await working;
  clearTimeout(timer);
}
