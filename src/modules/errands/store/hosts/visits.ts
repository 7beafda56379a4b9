/**
 * How many runs are under way at a host: it has so many places, each a row that names the run that has it. After a claim and in its
 * transaction, each run takes a place or is handed back. A place is free when its run is not under that lease any more: answering a run,
 * or losing its lease, frees it without a word.
 */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { leaseOf } from '../../domain/leases.ts';
import type { ClaimedRun } from '../queue/claim.ts';
import { leaseColumns } from '../queue/named.ts';
import type { HostTables } from './tables.ts';

export interface VisitRules {
  /** Hosts without a limit: those of ERRANDS_ALLOWED_HOSTS, and the house itself in a demonstration. */
  readonly allowed: readonly string[];
  /** Places of each other host. */
  readonly atOnce: number;
}

/** A run that was handed back can be claimed again after this. */
const pauseMs = 1_000;

/** Those that may be fetched now. The others can be claimed again a moment later, and count as not tried. */
export async function admitRuns<Run extends ClaimedRun>(
  queries: Queries,
  claimed: readonly Run[],
  { allowed, atOnce }: VisitRules,
  now: number,
): Promise<readonly Run[]> {
  const byHost = Map.groupBy(claimed, ({ address }) => new URL(address).host);
  for (const host of allowed) byHost.delete(host);
  if (byHost.size === 0) return claimed;
  const free = await freePlaces(queries, [...byHost.keys()].sort(), atOnce, now);
  const visits: Visit[] = [];
  const left = new Set<Run>();
  for (const [host, runs] of byHost) {
    const places = free.get(host) ?? [];
    for (const [index, run] of runs.entries()) {
      const place = places[index];
      if (place === undefined) left.add(run);
      else visits.push({ host, place, ...runOf(run) });
    }
  }
  await Promise.all([takePlaces(queries, visits), handBack(queries, [...left].map(runOf), now)]);
  return claimed.filter((run) => !left.has(run));
}

type Visit = HostTables['errands_visit'];

function runOf({ lease: text }: ClaimedRun) {
  const lease = leaseOf(text);
  invariant(lease, `${text} is a lease`);
  const { orderId: order_id, generation, slot, copy, secret } = lease;
  return { order_id, generation, slot, copy, lease: secret };
}

/** Locked; those that others hold locked are not waited for, and are not free. */
async function freePlaces(
  queries: Queries,
  hosts: readonly string[],
  atOnce: number,
  now: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const wanted = hosts.flatMap((host) => Array.from({ length: atOnce }, (_, index) => ({ host, place: index + 1 })));
  const known = await lockPlaces(queries, wanted);
  // Places are made when a host is first fetched from.
  const places = known.length < wanted.length ? [...known, ...(await addPlaces(queries, wanted))] : known;
  // A statement of its own: it sees what was committed while the places were locked.
  const { rows: taken } = await sql<Place>`select visit.host, visit.place
    from (${rowsFrom(queries, placeColumns, places)}) as mine
      cross join errands_visit visit cross join errands_run run
    where visit.host = mine.host and visit.place = mine.place
      and run.order_id = visit.order_id and run.generation = visit.generation and run.slot = visit.slot and run.copy = visit.copy
      and run.lease = visit.lease and run.claimed_at is not null and run.visible_at > ${now}`.execute(queries);
  const isTaken = new Set(taken.map(placeText));
  const free = places.filter((place) => !isTaken.has(placeText(place)));
  return new Map([...Map.groupBy(free, ({ host }) => host)].map(([host, its]) => [host, its.map(({ place }) => place)]));
}

type Place = Pick<Visit, 'host' | 'place'>;

const placeColumns = { host: 'text', place: 'bigint' } as const;

function placeText({ host, place }: Place): string {
  return `${host} ${place}`;
}

/** In no order: none is waited for. */
async function lockPlaces(queries: Queries, wanted: readonly Place[]): Promise<readonly Place[]> {
  const skipLocked = dialectOf(queries) === 'postgres' ? sql`for no key update of visit skip locked` : sql``;
  const { rows } = await sql<Place>`select visit.host, visit.place
    from (${rowsFrom(queries, placeColumns, wanted)}) as wanted cross join errands_visit visit
    where visit.host = wanted.host and visit.place = wanted.place ${skipLocked}`.execute(queries);
  return rows;
}

async function addPlaces(queries: Queries, wanted: readonly Place[]): Promise<readonly Place[]> {
  const { rows } = await sql<Place>`insert into errands_visit (host, place) ${rowsFrom(queries, placeColumns, wanted)}
    on conflict (host, place) do nothing returning host, place`.execute(queries);
  return rows;
}

const visitColumns = { ...placeColumns, ...leaseColumns } as const;

async function takePlaces(queries: Queries, visits: readonly Visit[]): Promise<void> {
  if (visits.length === 0) return;
  await sql`update errands_visit set order_id = taken.order_id, generation = taken.generation, slot = taken.slot, copy = taken.copy, lease = taken.lease
    from (${rowsFrom(queries, visitColumns, visits)}) as taken
    where errands_visit.host = taken.host and errands_visit.place = taken.place`.execute(queries);
}

/** As if they had not been claimed. Where a third attempt is for the house, a second one that is handed back is so, too. */
async function handBack(queries: Queries, runs: readonly ReturnType<typeof runOf>[], now: number): Promise<void> {
  if (runs.length === 0) return;
  await sql`update errands_run set lease = null, miner_id = null, miner_network = null, claimed_at = null, attempts = attempts - 1,
      failure = 'host-busy', visible_at = ${now + pauseMs}
    from (${rowsFrom(queries, leaseColumns, runs)}) as mine
    where errands_run.order_id = mine.order_id and errands_run.generation = mine.generation and errands_run.slot = mine.slot
      and errands_run.copy = mine.copy and errands_run.lease = mine.lease`.execute(queries);
}
