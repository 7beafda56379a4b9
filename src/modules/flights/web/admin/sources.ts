/** What the pages of flights for admins ask for and change. */
import type { ContractsOf } from '#http/client.ts';
import type * as adminContracts from '#modules/flights/api/admin/contracts.ts';
import type { FlightService, FlightsOverview, LakeState, PricerRun, ServiceInput } from '#modules/flights/api/admin/contracts.ts';
import { apiOf } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';

const call = apiOf<ContractsOf<typeof adminContracts>>();
/** As long as the house gives a run. */
const runWithinMs = 120_000;
const callForRun = apiOf<ContractsOf<typeof adminContracts>>(runWithinMs);

export type Repriced = Awaited<ReturnType<typeof reprice>>;

export function loadOverview(signal: AbortSignal): Promise<FlightsOverview> {
  return call('GET', '/api/flights/admin/overview', { signal });
}

export async function loadServices(
  route: { readonly from: string | undefined; readonly to: string | undefined },
  after: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<FlightService, string>> {
  const { services, next } = await call('GET', '/api/flights/admin/services', { query: { from: route.from, to: route.to, after }, signal });
  return { items: services, next };
}

export function saveService(number: string, body: ServiceInput): Promise<FlightService> {
  return call('PUT', '/api/flights/admin/services/:number', { params: { number }, body });
}

export async function loadRuns(after: string | undefined, signal: AbortSignal): Promise<ListPage<PricerRun, string>> {
  const { runs, next } = await call('GET', '/api/flights/admin/runs', { query: { after }, signal });
  return { items: runs, next };
}

export function reprice(dryRun: boolean) {
  return callForRun('POST', '/api/flights/admin/runs', { body: { dryRun } });
}

export function loadLake(signal: AbortSignal): Promise<LakeState> {
  return call('GET', '/api/flights/admin/lake', { signal });
}
