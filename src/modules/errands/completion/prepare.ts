/** Makes answers ready to be stored, outside of any transaction: extraction, hashes, compression. */
import type { Ports } from '#core/ports/ports.ts';
import { isAmong } from '#core/sql/among.ts';
import type { Miner, Page, PreparedAnswer } from '../domain/answers.ts';
import { dayOf } from '../domain/days.ts';
import type { Lease } from '../domain/leases.ts';
import { orderTables } from '../store/orders/tables.ts';
import type { PageReadings, ReadyPage } from './page-readings.ts';

/** A page as it was fetched. */
export interface FetchedPage {
  readonly status: number;
  readonly finalAddress: string | null;
  readonly contentType: string | null;
  readonly timings: Readonly<Record<string, number>> | null;
  readonly body: Buffer;
}

export interface FailedFetch {
  /** In a word that pages translate. */
  readonly failure: string;
  readonly retryAfterMs: number | null;
}

export interface GivenAnswer {
  readonly lease: Lease;
  readonly miner: Miner;
  readonly got: (FetchedPage & { readonly retryAfterMs: number | null }) | FailedFetch;
}

export interface Preparing {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'lake'>;
  readonly pages: PageReadings;
  readonly inlineKb: number;
}

/** Pages that are read and compressed at the same time. */
const atOnce = 16;

export async function prepareAnswers(
  { ports, pages, inlineKb }: Preparing,
  answers: readonly GivenAnswer[],
): Promise<readonly PreparedAnswer[]> {
  const extractions = await extractionsOf(ports.state, answers);
  const place = { inlineKb, day: dayOf(ports.clock.now()) };
  const prepare = async ({ lease, miner, got }: GivenAnswer): Promise<PreparedAnswer> => {
    if ('failure' in got) return { lease, miner, got };
    const failure = toldFailure(got);
    if (failure !== undefined) return { lease, miner, got: failure };
    const ready = await pages.read(got, extractions.get(lease.orderId) ?? null, place);
    return { lease, miner, got: pageOf(got, ready) };
  };
  const prepared: PreparedAnswer[] = [];
  for (let start = 0; start < answers.length; start += atOnce)
    prepared.push(...(await Promise.all(answers.slice(start, start + atOnce).map(prepare))));
  return prepared;
}

/** What counts as a failed attempt: no answer of the host, or one that says to come again. */
export function toldFailure(got: GivenAnswer['got']): FailedFetch | undefined {
  if ('failure' in got) return got;
  const { status, retryAfterMs } = got;
  return status === 429 || status >= 500 ? { failure: `status-${status}`, retryAfterMs } : undefined;
}

/** Of each order. */
async function extractionsOf(state: Ports['state'], answers: readonly GivenAnswer[]): Promise<ReadonlyMap<string, string | null>> {
  const ids = [...new Set(answers.map(({ lease }) => lease.orderId))];
  const rows = await state.read((queries) =>
    orderTables(queries)
      .selectFrom('errands_order')
      .select(['id', 'extraction'])
      .where(isAmong(queries, 'id', ids))
      .execute(),
  );
  return new Map(rows.map(({ id, extraction }) => [id, extraction]));
}

function pageOf({ status, finalAddress, contentType, timings }: FetchedPage, { reading, stored }: ReadyPage): Page {
  return {
    status,
    finalAddress,
    contentType,
    timings: timings === null ? null : JSON.stringify(timings),
    value: reading.value,
    micros: reading.micros,
    contentKey: reading.contentKey,
    bytes: stored.bytes,
    sha256: stored.sha256,
    body: stored.body,
    bodyPath: stored.bodyPath,
  };
}
