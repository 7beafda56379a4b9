/** A visitor of the stocks market, who remembers how many trades of each company were counted. */
import type { Journal } from '../journal.ts';
import { ask, type HouseClient } from './house-client.ts';

const pauseMs = 200;

interface Companies {
  readonly companies: readonly { readonly company: string; readonly position: number }[];
}

const request = { method: 'GET', path: '/api/stocks/companies' } as const;

/** Fills `seen` with the most that was ever shown. */
export function keepWatching(client: HouseClient, journal: Journal, seen: Map<string, number>): Promise<void> {
  return client.repeat(pauseMs, async () => {
    const answer = await client.ask<Companies>('stocks', request);
    if (answer.kind !== 'answered') return;
    let grew = false;
    for (const { company, position } of answer.body.companies) {
      if (position <= (seen.get(company) ?? 0)) continue;
      seen.set(company, position);
      grew = true;
    }
    // The market works when it counts, not when it only answers.
    if (grew) journal.worked('stocks', answer.begunMs);
  });
}

export async function countedTrades(url: string): Promise<ReadonlyMap<string, number>> {
  const { companies } = await ask<Companies>(url, request);
  return new Map(companies.map(({ company, position }) => [company, position]));
}
