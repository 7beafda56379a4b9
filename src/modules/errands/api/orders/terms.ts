/** What was sent becomes the terms of an order, or a refusal that names the field. */
import { refuse } from '#core/refuse.ts';
import { readAddress } from '../../domain/addresses.ts';
import { checkExtraction } from '../../domain/extraction/check-extraction.ts';
import type { Extraction } from '../../domain/extraction/extraction.ts';
import { checkHeaders } from '../../domain/fetching/request-headers.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import { nextSlots } from '../../domain/schedule/next-slots.ts';
import { readSchedule, wishOf } from '../../domain/schedule/read-schedule.ts';
import type { Cursor, Schedule } from '../../domain/schedule/schedule.ts';
import { localTime, zoneNamed } from '../../domain/schedule/zone-clock.ts';
import { errandsRefusals } from '../../refusals.ts';
import { scheduleRefused } from '../../store/orders/refused.ts';
import type { OrderInput, ScheduleInput } from './schemas.ts';

export interface TermsContext {
  readonly now: number;
  readonly allowedHosts: readonly string[];
  /** The schedule of an order that is changed: it began already. */
  readonly before?: Schedule;
  /** Of an order that comes from elsewhere: a start that is over is now. */
  readonly mayBePast?: boolean;
}

/** `place` is before the names of fields, such as `orders/3/`. */
export async function termsFrom(input: OrderInput, context: TermsContext, place = ''): Promise<OrderTerms> {
  const { allowedHosts } = context;
  const { address, host } = addressIn(input.address, `${place}address`, allowedHosts);
  const webhook = input.webhook === null ? null : addressIn(input.webhook, `${place}webhook`, allowedHosts).address;
  return {
    title: input.title.trim() === '' ? host.slice(0, 100) : input.title.trim().normalize('NFC'),
    address,
    host,
    method: input.method,
    headers: headersIn(input.headers, place),
    schedule: scheduleFrom(input.schedule, context, place),
    extraction: await extractionIn(input.extraction, place),
    onlyChanges: input.onlyChanges,
    webhook,
    mail: input.mail,
    copies: input.copies,
    instrument: input.instrument,
  };
}

/** What would have to be sent for these terms. */
export function inputOf(terms: OrderTerms): OrderInput {
  const { title, address, method, headers, schedule, extraction, onlyChanges, webhook, mail, copies, instrument } = terms;
  const { start, zone, repeat, repetitions, jitterSeconds, activeHours, catchUp, lateSeconds, overlap } = wishOf(schedule);
  const hours = activeHours === null ? null : { days: [...activeHours.days], from: activeHours.from, to: activeHours.to };
  return {
    title,
    address,
    method,
    headers: { ...headers },
    schedule: { start, zone, repeat, repetitions, jitterSeconds, activeHours: hours, catchUp, lateSeconds, overlap },
    extraction: extraction === null ? null : (JSON.parse(extraction) as OrderInput['extraction']),
    onlyChanges,
    webhook,
    mail,
    copies,
    instrument,
  };
}

export function nextTimes(schedule: Schedule, after: Cursor | undefined, seed: string): number[] {
  const slots = nextSlots(schedule, { after, limit: 10, untilMs: Number.POSITIVE_INFINITY, seed });
  return slots.map(({ dueAt }) => dueAt);
}

/** Of an order that is placed again: a start that is over is now. */
export function startedAnew(schedule: Schedule, now: number): Schedule {
  return { ...schedule, start: Math.max(schedule.start, wholeSecond(now)) };
}

function scheduleFrom(
  input: ScheduleInput,
  { now, before, mayBePast = false }: Omit<TermsContext, 'allowedHosts'>,
  place: string,
): Schedule {
  const start = input.start ?? localText(before?.start ?? wholeSecond(now), input.zone);
  const read = readSchedule({ ...input, start }, now, mayBePast || before !== undefined);
  if ('refusals' in read) throw scheduleRefused(read.refusals, place);
  return before === undefined ? startedAnew(read.schedule, now) : read.schedule;
}

/** In an unknown zone any time will do: the zone is what is refused. */
function localText(at: number, zone: string): string {
  const known = zoneNamed(zone) ?? 'UTC';
  return Temporal.Instant.fromEpochMilliseconds(localTime(known, at)).toString().replace(/Z$/, '');
}

function wholeSecond(at: number): number {
  return Math.ceil(at / 1_000) * 1_000;
}

const addressReasons = {
  address_invalid: 'address-form',
  scheme_not_allowed: 'address-scheme',
  userinfo_not_allowed: 'address-login',
  port_not_allowed: 'address-port',
  address_forbidden: 'address-private',
} as const;

function addressIn(text: string, field: string, allowedHosts: readonly string[]) {
  const read = readAddress(text, allowedHosts);
  if ('refused' in read) throw refuse(errandsRefusals, addressReasons[read.refused], {}, field);
  return read;
}

function headersIn(given: OrderInput['headers'], place = ''): OrderTerms['headers'] {
  const checked = checkHeaders(given, 'order');
  if (checked.kind === 'valid') return checked.headers;
  throw refuse(errandsRefusals, 'header-refused', { header: checked.header }, `${place}headers/${checked.header}`);
}

/** JSON, as it is stored. */
async function extractionIn(given: OrderInput['extraction'], place = ''): Promise<string | null> {
  if (given === null) return null;
  const { kind, expression, attribute, all, decimal } = given;
  const extraction: Extraction = {
    kind,
    expression,
    ...(attribute === undefined ? {} : { attribute }),
    ...(all === undefined ? {} : { all }),
    ...(decimal === undefined ? {} : { decimal }),
  };
  const checked = await checkExtraction(extraction);
  if (checked.kind === 'refused')
    throw refuse(errandsRefusals, 'extraction-wrong', { says: checked.says }, `${place}extraction/expression`);
  return JSON.stringify(extraction);
}
