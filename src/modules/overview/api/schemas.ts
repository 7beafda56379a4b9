/** What the overview answers, as schemas and their types. */
import { type Static, type TSchema, Type } from 'typebox';
import { eventKinds } from '#core/events.ts';
import { pullKinds } from '#core/plugs.ts';

const at = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
const afterPull = (description: string) =>
  Type.Union([Type.Integer(), Type.Null()], {
    description: `${description}, milliseconds after it was pulled; null while that has not happened`,
  });
const orNull = <Schema extends TSchema>(schema: Schema, description: string) => Type.Union([schema, Type.Null()], { description });
const Values = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));

export const LawSeen = Type.Object(
  {
    id: Type.String({ description: 'Such as coins-1' }),
    says: Type.String(),
    checked: Type.String({ description: 'What was checked, with counts' }),
    holds: orNull(Type.Boolean(), 'Null when it could not be checked'),
    violations: Type.Integer({ description: 'How many were found' }),
    checkedAt: at('When its check began'),
    tookMs: Type.Integer(),
  },
  { $id: 'LawSeen' },
);
export type LawSeen = Static<typeof LawSeen>;

const Books = Type.Object(
  {
    verdict: Type.Enum(['holds', 'broken', 'unchecked', 'late', 'none'], {
      description:
        'holds: every law held at the last audit. broken: one does not. unchecked: one could not be checked. late: the last audit is older than audits may be. none: there was no audit yet',
    }),
    holding: Type.Integer({ description: 'Laws that held' }),
    broken: Type.Integer(),
    unchecked: Type.Integer(),
    checkedAt: orNull(Type.Integer(), 'When the last audit began, milliseconds since 1970; null before the first'),
    auditEveryMs: Type.Integer({ description: 'The pause between two audits' }),
    proof: Type.String({ description: 'The proof of the whole house in a sentence, in English' }),
    laws: Type.Array(LawSeen),
  },
  { $id: 'Books' },
);
export type Books = Static<typeof Books>;

export const Edge = Type.Object(
  {
    name: Type.String({
      description:
        'What flows: trades, batches (stocks), views, landed, bookings (flights), orders (shop), errands, runs, fetches (errands), sales (house)',
    }),
    module: Type.String({ description: 'The module that counts it' }),
    perSecond: Type.Number({ description: 'Over the last seconds, in all processes that are alive' }),
    total: Type.Number({ description: 'Since these processes started' }),
  },
  { $id: 'Edge' },
);
export type Edge = Static<typeof Edge>;

export const HouseEvent = Type.Object(
  {
    id: Type.String(),
    at: at('When it was noticed'),
    kind: Type.Enum([...eventKinds]),
    subject: Type.String({ description: 'The process, role, lease, engine or group that it is about' }),
    values: Values,
    says: Type.String({ description: 'The event in a sentence, in English' }),
  },
  { $id: 'HouseEvent' },
);
export type HouseEvent = Static<typeof HouseEvent>;

const PullVerdict = Type.Object(
  {
    holds: orNull(Type.Boolean(), 'Whether every law held; null when one could not be checked'),
    says: Type.String({ description: '"0 lost, 0 doubled" when every law held; otherwise how many violations there are' }),
    violations: Type.Integer(),
    laws: Type.Integer({ description: 'How many laws were checked' }),
  },
  { $id: 'PullVerdict' },
);

export const Pull = Type.Object(
  {
    id: Type.String(),
    kind: Type.Enum([...pullKinds]),
    target: Type.String({ description: 'The role, process or engine that was pulled' }),
    state: Type.Enum(['running', 'done', 'failed'], { description: 'failed: it could not be pulled, or did not come back in time' }),
    askedAt: at('When somebody asked for it'),
    pulledAt: orNull(Type.Integer(), 'When it was done, milliseconds since 1970'),
    noticedMs: afterPull('The house noticed that it is gone'),
    takenOverMs: afterPull('Its leases were held by another process, or by its own next run'),
    leases: Type.Integer({
      description: 'Leases that it held; where it held none, nothing had to be taken over, and takenOverMs stays null',
    }),
    recoveredMs: afterPull('It was ready again'),
    auditedMs: afterPull('An audit of all laws, begun after the recovery, had ended'),
    verdict: orNull(PullVerdict, 'Of that audit; null before it'),
    why: orNull(Type.String(), 'Why it failed'),
  },
  { $id: 'Pull' },
);
export type Pull = Static<typeof Pull>;

export const PullWithLaws = Type.Object(
  { pull: Pull, laws: Type.Array(LawSeen, { description: 'As the audit after the recovery found them; empty before it' }) },
  { $id: 'PullWithLaws' },
);

const PullChoice = Type.Object(
  {
    kind: Type.Enum([...pullKinds]),
    target: Type.String({ description: 'Sent back with POST /api/overview/pulls' }),
    roles: Type.Array(Type.String(), { description: 'The roles that it takes down; empty for an engine' }),
    says: Type.String({ description: 'What will happen, in English' }),
  },
  { $id: 'PullChoice' },
);
export type PullChoice = Static<typeof PullChoice>;

export const PullChoices = Type.Object(
  {
    mayPull: Type.Boolean({ description: 'Whether the sender of this request may pull' }),
    why: orNull(
      Type.Enum(['log-in', 'not-admin', 'not-at-this-machine']),
      'Why not: nobody is logged in; the account is no admin, or an admin without a second factor; a demonstration lets only this machine do it, without a proxy between',
    ),
    choices: Type.Array(PullChoice, { description: 'Empty for those who may not' }),
  },
  { $id: 'PullChoices' },
);
export type PullChoices = Static<typeof PullChoices>;

export const Overview = Type.Object(
  {
    at: at('When this was looked at'),
    version: Type.String(),
    form: Type.Enum(['one-process', 'cluster', 'processes'], {
      description: 'one-process: kontor up. cluster: kontor cluster up. processes: kontor run, started by an operator',
    }),
    books: Books,
    edges: Type.Array(Edge),
    processes: Type.Integer({ description: 'Processes that are alive' }),
    rolesReady: Type.Integer({ description: 'Running roles that are ready' }),
    roles: Type.Integer({ description: 'Running roles, each process counted' }),
    pull: orNull(Pull, 'The pull that is under way, or the last one of the last ten minutes'),
    events: Type.Array(HouseEvent, { description: 'The newest ten, newest first, without reasons' }),
  },
  { $id: 'Overview' },
);
export type Overview = Static<typeof Overview>;

const ProcessSeen = Type.Object(
  {
    id: Type.String({ description: 'Of this run of the process' }),
    name: Type.String({ description: 'Its name in a cluster, such as liveview-1; otherwise its host and number' }),
    pid: Type.Integer(),
    host: Type.String(),
    version: Type.String(),
    startedAt: at('When it started'),
    seenAt: at('Its last sign of life'),
    silent: Type.Boolean({ description: 'Whether its last sign of life is late' }),
    memoryBytes: Type.Integer({ description: 'Resident' }),
    cores: Type.Number({ description: 'Cores that it used over the last seconds' }),
    roles: Type.Array(
      Type.Object({
        role: Type.String(),
        ready: Type.Boolean(),
        says: Type.String(),
        standsBy: Type.Boolean({ description: 'Whether another process does its work' }),
      }),
    ),
  },
  { $id: 'ProcessSeen' },
);
export type ProcessSeen = Static<typeof ProcessSeen>;

const RoleSeen = Type.Object(
  {
    role: Type.String(),
    says: Type.String(),
    many: Type.Boolean({ description: 'Whether several work side by side; otherwise one works and the others stand by' }),
    active: Type.Array(Type.String(), { description: 'Ids of processes that do its work' }),
    standingBy: Type.Array(Type.String(), { description: 'Ids of processes that wait to take over' }),
    notReady: Type.Array(Type.String(), { description: 'Ids of processes in which it is not ready' }),
  },
  { $id: 'RoleSeen' },
);
export type RoleSeen = Static<typeof RoleSeen>;

const EngineSeen = Type.Object(
  {
    port: Type.Enum(['state', 'stream', 'cache', 'lake', 'mail'], { description: 'What the house uses it for' }),
    engine: Type.String({ description: 'Such as sqlite, postgres, kafka' }),
    where: Type.String({ description: 'Its address, without secrets' }),
    reachable: orNull(Type.Boolean(), 'Whether every process reaches it; null where it cannot be asked'),
  },
  { $id: 'EngineSeen' },
);
export type EngineSeen = Static<typeof EngineSeen>;

export const House = Type.Object(
  {
    at: at('When this was looked at'),
    processes: Type.Array(ProcessSeen),
    roles: Type.Array(RoleSeen),
    engines: Type.Array(EngineSeen),
    leases: Type.Array(
      Type.Object({
        name: Type.String(),
        process: orNull(Type.String(), 'The id of the process that holds it; null when that process is not alive'),
      }),
    ),
    queues: Type.Array(
      Type.Object({
        name: Type.String({ description: 'outbox, or a topic of the stream with its reader' }),
        waiting: Type.Number({ description: 'Records that wait' }),
        waitingBytes: orNull(Type.Integer(), 'Null where it is not known'),
        partitions: Type.Array(
          Type.Object({ partition: Type.String(), end: Type.Number(), acknowledged: Type.Number(), waiting: Type.Number() }),
          { description: 'Those with the most waiting first, at most 50' },
        ),
      }),
    ),
    parts: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.Enum(['process', 'engine', 'proxy']),
        pid: orNull(Type.Integer(), 'Null while it does not run, or where there is more than one'),
        state: Type.Enum(['up', 'restarting', 'keeps dying', 'leaving']),
        restarts: Type.Integer(),
        ready: Type.Boolean(),
        says: Type.String(),
      }),
      { description: 'What kontor cluster looks after; empty without a cluster' },
    ),
    groups: Type.Array(
      Type.Object({ name: Type.String(), min: Type.Integer(), max: Type.Integer(), wanted: Type.Integer(), running: Type.Integer() }),
      { description: 'Processes whose number follows the load' },
    ),
    events: Type.Array(HouseEvent, { description: 'Of the last hour, newest first, at most 200' }),
  },
  { $id: 'House' },
);
export type House = Static<typeof House>;
