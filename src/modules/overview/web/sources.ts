/** What the overview asks the house for beside the news: its parts, and the pulls. */
import type { ContractsOf } from '#http/client.ts';
import type * as contracts from '#modules/overview/api/contracts.ts';
import type { House, Pull, PullChoice, PullChoices } from '#modules/overview/api/schemas.ts';
import { apiOf } from '#web/api/api.ts';

const call = apiOf<ContractsOf<typeof contracts>>();

export const pullsFile = '/api/overview/pulls.csv';

export function loadHouse(signal: AbortSignal): Promise<House> {
  return call('GET', '/api/overview/house', { signal });
}

export function loadChoices(signal: AbortSignal): Promise<PullChoices> {
  return call('GET', '/api/overview/pulls/choices', { signal });
}

export async function loadPulls(signal: AbortSignal): Promise<readonly Pull[]> {
  return (await call('GET', '/api/overview/pulls', { signal })).items;
}

export function makePull({ kind, target }: PullChoice): Promise<Pull> {
  return call('POST', '/api/overview/pulls', { body: { kind, target } });
}
