/** The verdict of a drill: the client-side log against the books, and the laws on the books. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readHouseConfig } from '#house/read-config.ts';
import { audit, type LawVerdict } from '#house/visit.ts';
import { errandsAreOver, readBookings, readErrands, readGoodsOrders, readStatement } from './books.ts';
import type { Check } from './check/check.ts';
import { checkCounts } from './check/counts.ts';
import { checkResults, checkWages } from './check/mining.ts';
import { checkThings } from './check/things.ts';
import { checkWallet } from './check/wallets.ts';
import type { Ground } from './ground/ground.ts';
import type { Operation, Part } from './journal.ts';
import { readWallet } from './load/customers.ts';
import { pageKinds } from './load/errands-load.ts';
import type { PageServer } from './load/page-server.ts';
import { countedTrades } from './load/stocks-load.ts';
import type { People, World } from './world.ts';

/** Longer than what is promised for a result. */
const settleTimeoutMs = 180_000;
/** A wage may wait for an audit whose auditor was killed: another begins it again after its lease of 150 s. */
const wagesTimeoutMs = 210_000;
const lookEveryMs = 1_000;

export interface Evidence {
  readonly checks: readonly Check[];
  readonly laws: readonly LawVerdict[];
}

/** Waits until every errand is over, and stops the miner. Does not wait when the drill is ended. */
export async function settle({ url }: Ground, world: World, signal: AbortSignal): Promise<void> {
  const { orderer, miner } = world.people;
  await waitFor(settleTimeoutMs, signal, () => errandsAreOver(url, orderer));
  await world.endMining();
  const { accepted } = minedPages(world);
  await waitFor(wagesTimeoutMs, signal, async () => (await readWallet(url, miner.as)).coins >= miner.opening + accepted);
}

/** Does not fail when the time is up: the checks tell what is missing. */
async function waitFor(limitMs: number, signal: AbortSignal, holds: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!signal.aborted && !(await holds()) && performance.now() < deadlineMs) await sleep(lookEveryMs);
}

export async function gatherEvidence(ground: Ground, world: World, pages: PageServer): Promise<Evidence> {
  const { url } = ground;
  const checks = [
    ...(await checkGoods(url, world)),
    ...(await checkFlights(url, world)),
    ...(await checkTransfers(url, world)),
    ...(await checkErrands(url, world, pages)),
    checkCounts(world.tradesSeen, await countedTrades(url)),
  ];
  const { config } = readHouseConfig({ environment: ground.environment, flags: new Map() });
  return { checks, laws: await audit(config) };
}

async function checkGoods(url: string, world: World): Promise<readonly Check[]> {
  const orders = await readGoodsOrders(url, world.people.buyer);
  const asked = operationsOf(world, 'shop', 'order');
  return [checkThings('orders', asked, orders), await walletOf(url, world, 'buyer', keysOf(orders))];
}

async function checkFlights(url: string, world: World): Promise<readonly Check[]> {
  const { bookings, cancellations } = await readBookings(url, world.people.traveller);
  return [
    checkThings('bookings', operationsOf(world, 'flights', 'booking'), bookings),
    checkThings('cancellations', operationsOf(world, 'flights', 'cancellation'), cancellations),
    await walletOf(url, world, 'traveller', keysOf([...bookings, ...cancellations])),
  ];
}

async function checkTransfers(url: string, world: World): Promise<readonly Check[]> {
  const { payer } = world.people;
  const { entries } = await readStatement(url, payer);
  const transfers = entries.filter(({ memo }) => memo.startsWith('coins-')).map(({ memo }) => ({ id: memo, key: memo }));
  return [
    checkThings('transfers', operationsOf(world, 'coins', 'transfer'), transfers),
    await walletOf(url, world, 'payer', keysOf(transfers)),
    await walletOf(url, world, 'payee', keysOf(transfers)),
  ];
}

async function checkErrands(url: string, world: World, pages: PageServer): Promise<readonly Check[]> {
  const { orderer, miner } = world.people;
  const orders = await readErrands(url, orderer, pages);
  const { accepted, unknown, ownOrders } = minedPages(world);
  const { closing: wages } = await readStatement(url, miner);
  // A run that failed is paid back: what an order cost is known at the end only.
  const cost = new Map(orders.map(({ key, coins: { funded, returned, refunded } }) => [key, funded - returned - refunded]));
  const operations = operationsOf(world, 'errands', 'order').map((operation) => ({
    ...operation,
    moves: [{ wallet: orderer.id, coins: -(cost.get(operation.key) ?? 0) }],
  }));
  return [
    checkThings('errands', operations, orders),
    checkResults(orders, ownOrders),
    await walletOf(url, world, 'orderer', keysOf(orders), operations),
    checkWages({ opening: miner.opening, closing: wages, accepted, unknown }),
  ];
}

async function walletOf(
  url: string,
  { journal, wallets, people }: World,
  name: keyof People,
  took: ReadonlySet<string>,
  noted: readonly Operation[] = journal.operations,
): Promise<Check> {
  const customer = people[name];
  const { id: wallet, as, opening } = customer;
  const { entries } = await readStatement(url, customer);
  const operations = noted.filter(({ moves }) => moves.some((move) => move.wallet === wallet));
  const { coins: closing } = await readWallet(url, as);
  return checkWallet({ name, wallet, opening, operations, took, reads: wallets.readsOf(wallet), closing, statement: entries });
}

function minedPages(world: World) {
  const pages = world.journal.operations.filter(({ part }) => part === 'mining');
  const accepted = pages.filter(({ outcome }) => outcome === 'acknowledged');
  const own = accepted.filter(({ kind }) => kind === pageKinds.own);
  return {
    accepted: accepted.length,
    unknown: pages.filter(({ outcome }) => outcome === 'unknown').length,
    ownOrders: new Set(own.flatMap(({ id }) => id ?? [])),
  };
}

function operationsOf({ journal }: World, part: Part, kind: string): readonly Operation[] {
  return journal.operations.filter((one) => one.part === part && one.kind === kind);
}

function keysOf(things: readonly { readonly key: string }[]): ReadonlySet<string> {
  return new Set(things.map(({ key }) => key));
}
