/** The options of errands. */
import { listOf, matching, oneOf, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, optional } from '#core/options/option.ts';

const orderOptions = {
  errandsAllowedHosts: optional({
    name: 'ERRANDS_ALLOWED_HOSTS',
    group: 'Errands',
    kind: listOf(matching(/^[a-z0-9.:[\]-]{1,260}$/, 'a host such as 127.0.0.1:3000'), 100),
    doc: 'Hosts such as `127.0.0.1:3000` that errands may fetch from although they are private or use another port than 80 and 443, separated by commas. A demonstration allows its own address.',
  }),
  errandsHostDelayMs: option({
    name: 'ERRANDS_HOST_DELAY_MS',
    group: 'Errands',
    kind: wholeNumber({ min: 0, max: 60_000 }),
    default: '200',
    doc: 'The least time between two fetches from one host, in milliseconds, where its robots.txt asks for no longer one. Allowed hosts have none.',
  }),
  errandsHostAtOnce: option({
    name: 'ERRANDS_HOST_AT_ONCE',
    group: 'Errands',
    kind: wholeNumber({ min: 1, max: 1_000 }),
    default: '8',
    doc: 'The most runs that are under way at one host at the same time, with all miners together. Allowed hosts have no limit.',
  }),
} as const satisfies OptionTable;

const minerOptions = {
  errandsHouseMiner: option({
    name: 'ERRANDS_HOUSE_MINER',
    group: 'Errands',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether the house fetches pages like any miner, beside audits and third attempts. `auto` does so in a demonstration (see DEMO).',
  }),
  errandsSettleSeconds: optional({
    name: 'ERRANDS_SETTLE_SECONDS',
    group: 'Errands',
    kind: wholeNumber({ min: 0, max: 86_400 }),
    doc: 'How long after an answer its miner is paid, in seconds; 600 if it is not set, and 2 in a demonstration (see DEMO). Until then a lie that is found costs the miner all unpaid answers.',
  }),
} as const satisfies OptionTable;

const resultOptions = {
  errandsKeepDays: option({
    name: 'ERRANDS_KEEP_DAYS',
    group: 'Errands',
    kind: wholeNumber({ min: 1, max: 3_650 }),
    default: '30',
    doc: 'How long results are kept, in days.',
  }),
  errandsInlineKb: option({
    name: 'ERRANDS_INLINE_KB',
    group: 'Errands',
    kind: wholeNumber({ min: 1, max: 1_024 }),
    default: '32',
    doc: 'Compressed pages up to this size are kept in the State, in KiB; larger ones go to the lake.',
  }),
} as const satisfies OptionTable;

export const errandsOptions = { ...orderOptions, ...minerOptions, ...resultOptions } as const satisfies OptionTable;
