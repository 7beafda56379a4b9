/** What is typed into the form of an order, and the order that comes of it. Pure: the page keeps the draft while a guest logs in. */
import type { OrderInput } from '#modules/errands/api/orders/schemas.ts';

type Schedule = OrderInput['schedule'];
type Repeat = Schedule['repeat'];

export const rhythms = ['hourly', 'daily', 'workdays', 'changes', 'own'] as const;
export type Rhythm = (typeof rhythms)[number];

export const parts = ['page', 'css', 'xpath', 'jsonpath', 'regex'] as const;
export type Part = (typeof parts)[number];

export const units = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof units;

/** Texts are as they were typed. */
export interface Draft {
  readonly address: string;
  readonly title: string;
  readonly rhythm: Rhythm;
  /** `09:00`, for daily and workdays. */
  readonly time: string;
  readonly ownKind: Repeat['kind'];
  readonly every: string;
  readonly unit: Unit;
  readonly cron: string;
  readonly limited: boolean;
  readonly repetitions: string;
  readonly zone: string;
  /** `2026-12-01T09:00` in the zone, or empty for now. */
  readonly start: string;
  readonly part: Part;
  readonly expression: string;
  /** All matches instead of the first. */
  readonly all: boolean;
  /** Of what only programs ask for: no field shows it. */
  readonly attribute: string;
  readonly decimal: '' | '.' | ',';
  readonly onlyChanges: boolean;
  readonly mail: boolean;
  readonly webhook: string;
  readonly method: 'GET' | 'HEAD';
  /** A header on each line. */
  readonly headers: string;
  readonly copies: string;
  readonly jitterMinutes: string;
  readonly someHours: boolean;
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly catchUp: Schedule['catchUp'];
  /** No field shows it. */
  readonly lateSeconds: number;
  readonly overlap: Schedule['overlap'];
  readonly instrument: string;
}

const hour = 3_600;
/** The field for a time has no 24:00. */
const midnight = '00:00';
const endOfDay = '24:00';
/** How often a page is looked at whose changes are wanted. */
const changesEvery = 600;

export function emptyDraft(zone: string): Draft {
  return {
    address: '',
    title: '',
    rhythm: 'hourly',
    time: '09:00',
    ownKind: 'interval',
    every: '10',
    unit: 'minutes',
    cron: '0 9 * * 1-5',
    limited: true,
    repetitions: '24',
    zone,
    start: '',
    part: 'page',
    expression: '',
    all: false,
    attribute: '',
    decimal: '',
    onlyChanges: false,
    mail: false,
    webhook: '',
    method: 'GET',
    headers: '',
    copies: '1',
    jitterMinutes: '0',
    someHours: false,
    days: [1, 2, 3, 4, 5],
    from: '08:00',
    to: '18:00',
    catchUp: 'one',
    lateSeconds: 300,
    overlap: 'skip',
    instrument: '',
  };
}

export function inputOf(draft: Draft): OrderInput {
  const address = draft.address.trim();
  const webhook = draft.webhook.trim();
  const instrument = draft.instrument.trim().toUpperCase();
  return {
    title: draft.title.trim(),
    address: address === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`,
    method: draft.method,
    headers: headersOf(draft.headers),
    schedule: scheduleOf(draft),
    extraction: extractionOf(draft),
    onlyChanges: draft.onlyChanges || draft.rhythm === 'changes',
    webhook: webhook === '' ? null : webhook,
    mail: draft.mail,
    copies: Number(draft.copies),
    instrument: instrument === '' ? null : instrument,
  };
}

function extractionOf({ part, expression, all, attribute, decimal }: Draft): OrderInput['extraction'] {
  if (part === 'page') return null;
  const extraction: NonNullable<OrderInput['extraction']> = { kind: part, expression: expression.trim() };
  if (all) extraction.all = true;
  if (attribute !== '') extraction.attribute = attribute;
  if (decimal !== '') extraction.decimal = decimal;
  return extraction;
}

function scheduleOf(draft: Draft): Schedule {
  const repeat = repeatOf(draft);
  return {
    start: draft.start === '' ? null : draft.start,
    zone: draft.zone.trim(),
    repeat,
    repetitions: repeat.kind === 'once' ? 1 : draft.limited ? Number(draft.repetitions) : null,
    jitterSeconds: Math.round(Number(draft.jitterMinutes) * 60),
    activeHours: draft.someHours ? { days: [...draft.days], from: draft.from, to: draft.to === midnight ? endOfDay : draft.to } : null,
    catchUp: draft.catchUp,
    lateSeconds: draft.lateSeconds,
    overlap: draft.overlap,
  };
}

function repeatOf({ rhythm, time, ownKind, every, unit, cron }: Draft): Repeat {
  const minute = minuteOf(time);
  const daily = `${minute % 60} ${Math.floor(minute / 60)} * *`;
  switch (rhythm) {
    case 'hourly':
      return { kind: 'interval', seconds: hour };
    case 'daily':
      return { kind: 'cron', expression: `${daily} *` };
    case 'workdays':
      return { kind: 'cron', expression: `${daily} 1-5` };
    case 'changes':
      return { kind: 'interval', seconds: changesEvery };
    case 'own':
      if (ownKind === 'interval') return { kind: 'interval', seconds: Math.round(Number(every) * units[unit]) };
      return ownKind === 'once' ? { kind: 'once' } : { kind: 'cron', expression: cron.trim() };
  }
}

/** The draft that makes this order, with the simplest rhythm that is the same. */
export function draftOf(order: OrderInput): Draft {
  const { extraction } = order;
  const { start, zone, repeat, repetitions, jitterSeconds, activeHours, catchUp, lateSeconds, overlap } = order.schedule;
  const empty = emptyDraft(zone);
  const plain: Partial<Draft> = {
    address: order.address,
    title: order.title,
    limited: repetitions !== null,
    repetitions: repetitions === null || repeat.kind === 'once' ? empty.repetitions : String(repetitions),
    start: start ?? '',
    part: extraction?.kind ?? 'page',
    expression: extraction?.expression ?? '',
    all: extraction?.all ?? false,
    attribute: extraction?.attribute ?? '',
    decimal: extraction?.decimal ?? '',
    onlyChanges: order.onlyChanges,
    mail: order.mail,
    webhook: order.webhook ?? '',
    method: order.method,
    headers: Object.entries(order.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    copies: String(order.copies),
    jitterMinutes: String(jitterSeconds / 60),
    someHours: activeHours !== null,
    days: activeHours?.days ?? empty.days,
    from: activeHours?.from ?? empty.from,
    to: activeHours === null ? empty.to : activeHours.to === endOfDay ? midnight : activeHours.to,
    catchUp,
    lateSeconds,
    overlap,
    instrument: order.instrument ?? '',
  };
  return Object.assign({}, empty, plain, rhythmOf(order));
}

function rhythmOf({ schedule: { repeat }, onlyChanges }: OrderInput): Partial<Draft> {
  switch (repeat.kind) {
    case 'once':
      return { rhythm: 'own', ownKind: 'once' };
    case 'interval': {
      if (repeat.seconds === changesEvery && onlyChanges) return { rhythm: 'changes' };
      if (repeat.seconds === hour) return { rhythm: 'hourly' };
      const { seconds } = repeat;
      const unit = (Object.keys(units) as Unit[]).findLast((one) => seconds % units[one] === 0) ?? 'seconds';
      return { rhythm: 'own', ownKind: 'interval', every: String(seconds / units[unit]), unit };
    }
    case 'cron': {
      const [, minute, hours, days] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5)$/.exec(repeat.expression) ?? [];
      if (days === undefined) return { rhythm: 'own', ownKind: 'cron', cron: repeat.expression };
      return { rhythm: days === '*' ? 'daily' : 'workdays', time: clockOf(Number(hours) * 60 + Number(minute)) };
    }
  }
}

/** What a browser kept, if it is a draft. */
export function readDraft(text: string | undefined, zone: string): Draft | undefined {
  if (text === undefined) return undefined;
  try {
    const kept: unknown = JSON.parse(text);
    const empty = emptyDraft(zone);
    if (typeof kept !== 'object' || kept === null) return undefined;
    const known = Object.entries(kept).filter(([name, value]) => typeof value === typeof empty[name as keyof Draft]);
    return Object.assign({}, empty, Object.fromEntries(known));
  } catch {
    return undefined;
  }
}

/** Coins for all repetitions, or for one where there is no end. */
export function priceOf({ schedule: { repetitions }, copies }: Pick<OrderInput, 'schedule' | 'copies'>): number {
  return (repetitions ?? 1) * copies;
}

function headersOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

/** `09:30` → 570. */
function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function clockOf(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
