/** A web server for benchmarks on which anybody can be a customer with coins, and the process that the customers run in. */
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import { startWebServer, type WebServer } from '#http/server.ts';
import type { Web } from '#http/types.ts';
import { houseAccounts, openAccount, post, walletOf } from '#modules/coins/post.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { askProcess } from './asked-process.ts';
import { costOf } from './costs.ts';
import type { CustomersWork } from './customers.ts';

const walletsPerWrite = 500;

/** The secret names the account, so that authentication needs no query. */
export function startCustomersServer(ports: Pick<Ports, 'clock' | 'random' | 'log'>, webs: readonly Web[]): Promise<WebServer> {
  return startWebServer({
    host: '127.0.0.1',
    port: 0,
    webs,
    ready: () => ({ ready: true, roles: {} }),
    clock: ports.clock,
    random: ports.random,
    log: ports.log,
    metrics: { metrics: silentMetrics(), contentType: 'text/plain', text: async () => '' },
    version: '0.0.0',
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({ account: accountNamed(secret), kind: 'session', id: secret, scopes: ['read', 'write'] }),
    },
  });
}

function accountNamed(id: string): Account {
  return { id, email: `${id}@example.org`, name: id, role: 'member' };
}

/** A wallet with a million coins for each, in transactions that end in time on a busy machine, too. */
export async function openWallets(state: State, customers: readonly string[], at: number): Promise<void> {
  for (let from = 0; from < customers.length; from += walletsPerWrite) {
    const some = customers.slice(from, from + walletsPerWrite);
    await state.write(async (queries) => {
      await Promise.all(some.map((customer) => openAccount(queries, { owner: customer, kind: 'wallet', mode: 'strict' })));
      const grants = some.map((customer) => ({
        scope: 'bench',
        key: customer,
        kind: 'grant' as const,
        debit: houseAccounts.mint,
        credit: walletOf(customer),
        amount: 1_000_000,
        at,
      }));
      await post(queries, grants);
    });
  }
}

/** The customers send all posts to a server in this process: how fast, how long each took, and what they cost. */
export async function measurePosts(databaseUrl: string, work: Extract<CustomersWork, { kind: 'posts' }>) {
  let found = { timesMs: [] as number[], tookMs: 0 };
  const cost = await costOf(databaseUrl, async () => {
    found = await runCustomers<typeof found>(work);
    return found.timesMs.length;
  });
  return { perSecond: found.timesMs.length / (found.tookMs / 1_000), timesMs: found.timesMs, cost };
}

/** The customers run in a separate process. */
export function runCustomers<Found>(work: CustomersWork): Promise<Found> {
  return askProcess('./customers.ts', work);
}
