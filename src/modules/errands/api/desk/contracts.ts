/** The protocol of the desk: miners claim runs, extend their leases, complete them, or give them back. docs/errands-desk-protocol.md */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { maxAnswersPerMessage, maxMessageBytes, maxPageBytes, maxRunsPerClaim, maxWaitMs } from '../../domain/desk-limits.ts';

const tags = ['errands'];

const Lease = Type.String({ maxLength: 100, description: 'As it was given by a claim' });
const MachineName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,60}$',
  description: 'Chosen by the miner, and kept: it names the machine on the page of its account',
});
const Time = (description: string) => Type.Integer({ description: `${description}, in milliseconds since 1970` });

export const ClaimInput = Type.Object(
  {
    machine: MachineName,
    version: Type.String({ maxLength: 40, description: 'Of the program' }),
    concurrency: Type.Integer({ minimum: 1, maximum: 1_000, description: 'Pages that it fetches at the same time' }),
    max: Type.Integer({ minimum: 1, maximum: maxRunsPerClaim, description: 'Runs that it can take now' }),
    waitMs: Type.Integer({ minimum: 0, maximum: maxWaitMs, description: 'How long the answer may take when nothing is due' }),
  },
  { additionalProperties: false },
);
export type ClaimInput = Static<typeof ClaimInput>;

const DeskRun = Type.Object({
  lease: Lease,
  order: Type.String(),
  address: Type.String(),
  method: Type.Enum(['GET', 'HEAD']),
  headers: Type.Record(Type.String(), Type.String()),
  attempt: Type.Integer(),
  dueAt: Time('When it was due'),
  endsAt: Time('When the lease ends, and others get the run'),
});
const ClaimAnswer = Type.Object({ now: Time('The time of the house'), runs: Type.Array(DeskRun) }, { $id: 'ErrandsClaim' });
export type ClaimAnswer = Static<typeof ClaimAnswer>;

export const LeasesInput = Type.Object({ leases: Type.Array(Lease, { minItems: 1, maxItems: 1_000 }) }, { additionalProperties: false });
export type LeasesInput = Static<typeof LeasesInput>;

const ExtendAnswer = Type.Object(
  { extended: Type.Array(Type.Object({ lease: Lease, endsAt: Time('When it ends now') }), { description: 'Those that had not ended' }) },
  { $id: 'ErrandsExtension' },
);
export type ExtendAnswer = Static<typeof ExtendAnswer>;

const ReleaseAnswer = Type.Object({ released: Type.Integer({ description: 'How many had not ended' }) }, { $id: 'ErrandsRelease' });
export type ReleaseAnswer = Static<typeof ReleaseAnswer>;

const DeskAnswer = Type.Object(
  {
    lease: Lease,
    failure: Type.Optional(
      Type.String({
        pattern: '^[a-z][a-z0-9_-]{0,39}$',
        description: 'Why there is no page, such as connect_failed; without the fields below',
      }),
    ),
    retryAfterMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'What the host asked for in Retry-After' })),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
    finalAddress: Type.Optional(Type.String({ maxLength: 2_048, description: 'After redirects' })),
    contentType: Type.Optional(Type.String({ maxLength: 200 })),
    timings: Type.Optional(
      Type.Record(Type.String({ maxLength: 20 }), Type.Integer({ minimum: 0, maximum: 600_000 }), {
        maxProperties: 8,
        description: 'Milliseconds by phase',
      }),
    ),
    body: Type.Optional(Type.String({ description: `The page as it came, decompressed, in base64; at most ${maxPageBytes} bytes` })),
  },
  { additionalProperties: false },
);
export type DeskAnswer = Static<typeof DeskAnswer>;

export const CompleteInput = Type.Object(
  { machine: MachineName, answers: Type.Array(DeskAnswer, { minItems: 1, maxItems: maxAnswersPerMessage }) },
  { additionalProperties: false },
);
export type CompleteInput = Static<typeof CompleteInput>;

const CompleteAnswer = Type.Object(
  {
    outcomes: Type.Array(
      Type.Object({
        outcome: Type.Enum(['accepted', 'noted', 'refused']),
        reason: Type.Union([Type.Enum(['late', 'foreign', 'same-miner', 'shut-out']), Type.Null()]),
      }),
      { description: 'In the order of the answers. The same answer again gets the same outcome.' },
    ),
  },
  { $id: 'ErrandsCompletion' },
);
export type CompleteAnswer = Static<typeof CompleteAnswer>;

export const claim = contract({
  method: 'POST',
  path: '/api/errands/desk/claim',
  tags,
  summary: 'Claim runs to fetch',
  staysOpen: true,
  description: 'The oldest runs that are due, never of your own orders. The answer comes when there are some, or after `waitMs` without.',
  access: 'account',
  body: ClaimInput,
  response: { 200: ClaimAnswer },
});

export const extend = contract({
  method: 'POST',
  path: '/api/errands/desk/extend',
  tags,
  summary: 'Extend leases of runs that are still being fetched',
  access: 'account',
  body: LeasesInput,
  response: { 200: ExtendAnswer },
});

export const complete = contract({
  method: 'POST',
  path: '/api/errands/desk/complete',
  tags,
  summary: 'Answer runs: with their pages, or why there are none',
  description: 'Accepted answers are paid a coin each when they are settled. An answer that is sent again changes nothing.',
  access: 'account',
  body: CompleteInput,
  bodyLimit: maxMessageBytes,
  response: { 200: CompleteAnswer },
});

export const release = contract({
  method: 'POST',
  path: '/api/errands/desk/release',
  tags,
  summary: 'Give runs back that will not be fetched',
  access: 'account',
  body: LeasesInput,
  response: { 200: ReleaseAnswer },
});
