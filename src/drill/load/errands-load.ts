/** A customer who orders pages, each once and now, and a miner who fetches them from the drill's own page server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal, Outcome, Part } from '../journal.ts';
import type { Customer } from './customers.ts';
import { type HouseClient, outcomeOf } from './house-client.ts';
import type { PageServer } from './page-server.ts';

const orderPauseMs = 500;
const minePauseMs = 50;
const claimWaitMs = 500;
const runsAtOnce = 8;
const pageTimeoutMs = 5_000;
/** Orders that are not over: an account may have a thousand. */
const mostOpen = 500;
const coinsPerPage = 1;

export interface ErrandsLoad {
  readonly client: HouseClient;
  readonly journal: Journal;
  readonly customer: Customer;
  readonly pages: PageServer;
}

/** The key of each order is also its title, and the path of its page. */
export function keepOrdering({ client, journal, customer, pages }: ErrandsLoad): Promise<void> {
  let count = 0;
  return client.repeat(orderPauseMs, async () => {
    if (openOrders(journal) >= mostOpen) return;
    count += 1;
    const key = `errand-${count}`;
    const body = { title: key, address: pages.addressOf(key), schedule: { repeat: { kind: 'once' } } };
    const request = { method: 'POST', path: '/api/errands/orders', as: customer.as, key: `drill-${key}`, body } as const;
    const moves = [{ wallet: customer.id, coins: -coinsPerPage }];
    const answer = await client.operate<{ id: string }>({ part: 'errands', kind: 'order', key, moves }, request, ({ id }) => id);
    if (answer.kind === 'answered') journal.worked('errands', answer.begunMs);
  });
}

function openOrders({ operations }: Journal): number {
  const acknowledged = (part: Part, kind: string) =>
    operations.filter((one) => one.part === part && one.kind === kind && one.outcome === 'acknowledged').length;
  return acknowledged('errands', 'order') - acknowledged('mining', pageKinds.own);
}

interface Run {
  readonly lease: string;
  readonly order: string;
  readonly address: string;
}

/** Kinds of operations of a miner: pages of the drill, and the house's own, by which it finds miners who do not fetch. */
export const pageKinds = { own: 'page', gold: 'gold page' } as const;

export function keepMining({ client, journal, pages }: ErrandsLoad, token: Customer['as']): Promise<void> {
  return client.repeat(minePauseMs, async () => {
    const ask = { machine: 'drill', version: '1', concurrency: runsAtOnce, max: runsAtOnce, waitMs: claimWaitMs };
    const claim = await client.ask<{ runs: readonly Run[] }>('mining', {
      method: 'POST',
      path: '/api/errands/desk/claim',
      as: token,
      body: ask,
    });
    if (claim.kind !== 'answered') return void (await sleep(claimWaitMs));
    const { runs } = claim.body;
    if (runs.length === 0) return;
    const answers = await Promise.all(runs.map(fetchPage));
    const path = '/api/errands/desk/complete';
    const done = await client.ask<{ outcomes: readonly { outcome: string }[] }>(
      'mining',
      { method: 'POST', path, as: token, body: { machine: 'drill', answers } },
      { mayGiveUp: true },
    );
    for (const [index, { lease, order, address }] of runs.entries()) {
      const said = done.kind === 'answered' ? done.body.outcomes[index]?.outcome : undefined;
      const outcome: Outcome = said === undefined ? outcomeOf(done) : said === 'accepted' ? 'acknowledged' : 'refused';
      const kind = pages.serves(address) ? pageKinds.own : pageKinds.gold;
      journal.note({ part: 'mining', kind, key: lease, outcome, id: outcome === 'acknowledged' ? order : undefined, moves: [] });
    }
    if (done.kind === 'answered') journal.worked('mining', done.begunMs);
  });
}

async function fetchPage({ lease, address }: Run): Promise<object> {
  try {
    const page = await fetch(address, { signal: AbortSignal.timeout(pageTimeoutMs) });
    const body = Buffer.from(await page.arrayBuffer()).toString('base64');
    const contentType = page.headers.get('content-type') ?? 'text/plain';
    return { lease, status: page.status, finalAddress: page.url, contentType, timings: {}, body };
  } catch {
    return { lease, failure: 'connect_failed' };
  }
}
