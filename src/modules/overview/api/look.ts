/** Looks at the whole house: what the routes of the overview show. Made at most once a second, for all who ask. */
import { eventSentence, type HouseEvent, recentEvents } from '#core/events.ts';
import { latestVerdicts, type Verdict } from '#core/laws/verdicts.ts';
import { allLeases } from '#core/lease.ts';
import { waitingEntries } from '#core/outbox.ts';
import type { PlugView, WholeHouse } from '#core/plugs.ts';
import type { Ports } from '#core/ports/ports.ts';
import { type Presence, presences, processOf } from '#core/presence.ts';
import { booksOf } from '../domain/books.ts';
import { heldCount, type LawFound, type Pull, verdictOf } from '../domain/pull.ts';
import { afterPull } from '../domain/pulls-csv.ts';
import { newestPulls } from '../store/pulls.ts';
import type {
  Books,
  Edge,
  EngineSeen,
  House,
  LawSeen,
  Overview,
  ProcessSeen,
  RoleSeen,
  HouseEvent as ShownEvent,
  Pull as ShownPull,
} from './schemas.ts';

export type LookPorts = Pick<Ports, 'state' | 'stream' | 'clock'>;

/** A process whose row is older than this is not counted, though nobody has taken it for dead yet. */
const silentMs = 5_000;
const shownPullMs = 10 * 60_000;
const eventsAtAGlance = 10;
const maxEvents = 200;
const maxPartitions = 50;

const nothing: PlugView = { choices: [], parts: [], groups: [], events: [], pulls: [] };

export async function lookAtOverview({ state, clock }: LookPorts, house: WholeHouse): Promise<Overview> {
  const [verdicts, seen, view] = await Promise.all([
    latestVerdicts(state),
    state.read(async (queries) => ({
      rows: await presences(queries),
      events: await recentEvents(queries, eventsAtAGlance),
      pulls: await newestPulls(queries, 1),
    })),
    viewOf(house),
  ]);
  const now = clock.now();
  const alive = seen.rows.filter((row) => !isSilent(row, now));
  const roles = alive.flatMap((row) => row.roles);
  const last = seen.pulls.find(({ state, askedAt }) => state === 'running' || now - askedAt < shownPullMs);
  return {
    at: now,
    version: house.version,
    form: house.form,
    books: booksSeen(verdicts, now, house),
    edges: edgesOf(alive, house),
    processes: alive.length,
    roles: roles.length,
    rolesReady: roles.filter(({ ready }) => ready).length,
    pull: last === undefined ? null : shownPull(last),
    events: shownEvents([...seen.events, ...view.events].map(withoutReason), eventsAtAGlance),
  };
}

export async function lookAtHouse({ state, stream, clock }: LookPorts, house: WholeHouse): Promise<House> {
  const [seen, view, topics] = await Promise.all([
    state.read(async (queries) => ({
      rows: await presences(queries),
      leases: await allLeases(queries),
      events: await recentEvents(queries, maxEvents),
      outbox: await waitingEntries(queries),
    })),
    viewOf(house),
    Promise.all(house.readers.map((reader) => queueOf(stream, reader))),
  ]);
  const now = clock.now();
  const { rows } = seen;
  const there = new Set(rows.map(({ holder }) => holder));
  return {
    at: now,
    processes: rows.map((row) => processSeen(row, now)),
    roles: rolesSeen(rows, house),
    engines: enginesSeen(rows, house),
    leases: seen.leases.map(({ name, holder }) => ({ name, process: there.has(processOf(holder)) ? processOf(holder) : null })),
    queues: [{ name: 'outbox', waiting: seen.outbox, waitingBytes: null, partitions: [] }, ...topics.flat()],
    parts: [...view.parts],
    groups: [...view.groups],
    events: shownEvents([...seen.events, ...view.events], maxEvents),
  };
}

function booksSeen(verdicts: readonly Verdict[], now: number, { auditEveryMs }: WholeHouse): Books {
  return { ...booksOf(verdicts, now, auditEveryMs), auditEveryMs, laws: verdicts.map(lawSeen) };
}

/** Without an answer of the cluster's process, the rest is shown all the same. */
async function viewOf({ plugs }: WholeHouse): Promise<PlugView> {
  return plugs.look().catch(() => nothing);
}

function isSilent({ at }: Presence, now: number): boolean {
  return now - at > silentMs;
}

function edgesOf(alive: readonly Presence[], { pulses }: WholeHouse): Edge[] {
  const counted = alive.flatMap((row) => row.pulses);
  // What flows may be counted in two places of a module.
  const edges = [...new Map(pulses.map((pulse) => [`${pulse.module} ${pulse.name}`, pulse])).values()];
  return edges.map(({ name, module }) => {
    const own = counted.filter((pulse) => pulse.name === name && pulse.module === module);
    const perSecond = own.reduce((sum, pulse) => sum + pulse.perSecond, 0);
    return { name, module, perSecond: Math.round(perSecond * 1_000) / 1_000, total: own.reduce((sum, pulse) => sum + pulse.total, 0) };
  });
}

function processSeen(row: Presence, now: number): ProcessSeen {
  const { holder: id, name, pid, host, version, startedAt, at, memoryBytes, cores, roles } = row;
  const shown = roles.map((role) => ({ ...role, standsBy: standsBy(role) }));
  return { id, name, pid, host, version, startedAt, seenAt: at, silent: isSilent(row, now), memoryBytes, cores, roles: shown };
}

/** As the statuses of roles say it. */
function standsBy({ ready, says }: { readonly ready: boolean; readonly says: string }): boolean {
  return ready && says.startsWith('standing by');
}

function rolesSeen(rows: readonly Presence[], house: WholeHouse): RoleSeen[] {
  const runs = rows.flatMap(({ holder, roles }) => roles.map((role) => ({ ...role, process: holder })));
  return house.roles.map(({ name, says, many }) => {
    const own = runs.filter(({ role }) => role === name);
    const those = (condition: (run: (typeof own)[number]) => boolean) => own.filter(condition).map(({ process }) => process);
    return {
      role: name,
      says,
      many,
      active: those((run) => run.ready && !standsBy(run)),
      standingBy: those(standsBy),
      notReady: those(({ ready }) => !ready),
    };
  });
}

function enginesSeen(rows: readonly Presence[], { engines }: WholeHouse): EngineSeen[] {
  return engines.map((engine) => ({ ...engine, reachable: isReachable(engine.port, rows) }));
}

function isReachable(port: string, rows: readonly Presence[]): boolean | null {
  // The ports of the cache and of mail cannot be asked.
  if (port === 'cache' || port === 'mail') return null;
  return rows.every(({ away }) => !away.includes(port));
}

async function queueOf(stream: Ports['stream'], { topic, group }: WholeHouse['readers'][number]): Promise<House['queues']> {
  const status = await stream.status(topic, group).catch(() => undefined);
  if (status === undefined) return [];
  const partitions = status
    .map(({ partition, end, acknowledged }) => ({ partition, end, acknowledged, waiting: Math.max(0, end - acknowledged) }))
    .sort((one, other) => other.waiting - one.waiting);
  return [
    {
      name: `${topic} (${group})`,
      waiting: partitions.reduce((sum, { waiting }) => sum + waiting, 0),
      waitingBytes: status.reduce((sum, { backlogBytes }) => sum + backlogBytes, 0),
      partitions: partitions.slice(0, maxPartitions),
    },
  ];
}

/** Reasons may name addresses and files: they are not for everybody. */
function withoutReason({ values, ...event }: HouseEvent): HouseEvent {
  const { says: _, ...others } = values;
  return { ...event, values: others };
}

function shownEvents(events: readonly HouseEvent[], most: number): ShownEvent[] {
  return events
    .toSorted((one, other) => other.at - one.at)
    .slice(0, most)
    .map(({ id, at, kind, subject, values }) => ({
      id,
      at,
      kind,
      subject,
      values: { ...values },
      says: eventSentence({ kind, subject, values }),
    }));
}

function lawSeen({ lawId: id, says, checked, holds, violations, checkedAt, tookMs }: Verdict): LawSeen {
  // Which rows break a law is for the auditor's log: it may name people.
  return { id, says, checked, holds, violations: holds === false ? violations.length : 0, checkedAt, tookMs: Math.round(tookMs) };
}

export function lawFound({ lawId: id, says, checked, holds, violations, checkedAt, tookMs }: LawFound): LawSeen {
  return { id, says, checked, holds, violations, checkedAt, tookMs: Math.round(tookMs) };
}

export function shownPull(pull: Pull): ShownPull {
  const { id, kind, target, state, askedAt, pulledAt, why } = pull;
  const since = (at: number | null) => afterPull(pulledAt, at);
  return {
    id,
    kind,
    target,
    state,
    askedAt,
    pulledAt,
    noticedMs: since(pull.noticedAt),
    takenOverMs: since(pull.takenOverAt),
    leases: heldCount(pull.held),
    recoveredMs: since(pull.recoveredAt),
    auditedMs: since(pull.auditedAt),
    verdict: verdictOf(pull),
    why,
  };
}
