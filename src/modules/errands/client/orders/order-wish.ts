/** The flags of an order as the terms that the house takes. The house checks what they say. */
import type { ClientCall } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Order, OrderInput, ScheduleInput } from '../../api/orders/schemas.ts';

type Wish<Terms> = { -readonly [Name in keyof Terms]?: Terms[Name] };
type OrderWish = Wish<Omit<OrderInput, 'schedule'>> & { schedule: Wish<ScheduleInput> };

const extractionKinds = ['css', 'xpath', 'jsonpath', 'regex'] as const;

/** What flags name; of a new order also what it needs. */
export function wishOf(call: Pick<ClientCall, 'flag'>, before?: Order): OrderWish {
  const { flag } = call;
  const wish: OrderWish = { schedule: scheduleWish(call, before) };
  const set = <Name extends keyof OrderWish>(name: Name, value: OrderWish[Name] | undefined) => {
    if (value !== undefined) wish[name] = value;
  };
  set('title', flag('--title'));
  set('method', flag('--method') as OrderInput['method'] | undefined);
  set('headers', headersIn(flag('--headers')));
  set('extraction', extractionIn(call));
  set('webhook', flag('--webhook'));
  set('instrument', flag('--instrument'));
  set('onlyChanges', flag('--only-changes') === undefined ? undefined : true);
  set('mail', flag('--mail') === undefined ? undefined : true);
  const copies = flag('--copies');
  set('copies', copies === undefined ? undefined : wholeNumber('--copies', copies, 1, 3));
  return wish;
}

function scheduleWish({ flag }: Pick<ClientCall, 'flag'>, before: Order | undefined): Wish<ScheduleInput> {
  const wish: Wish<ScheduleInput> = {};
  const set = <Name extends keyof ScheduleInput>(name: Name, value: ScheduleInput[Name] | undefined) => {
    if (value !== undefined) wish[name] = value;
  };
  const seconds = (name: string) => {
    const text = flag(name);
    return text === undefined ? undefined : secondsIn(name, text);
  };
  set('repeat', repeatIn(flag('--every'), flag('--cron')) ?? (before === undefined ? { kind: 'once' } : undefined));
  const times = flag('--times');
  set('repetitions', times === undefined ? undefined : times === 'forever' ? null : wholeNumber('--times', times, 1, 1_000_000));
  set('start', flag('--start'));
  set('zone', flag('--zone'));
  set('jitterSeconds', seconds('--jitter'));
  set('lateSeconds', seconds('--late'));
  set('activeHours', hoursIn(flag('--hours'), flag('--days')));
  set('catchUp', flag('--catch-up') as ScheduleInput['catchUp'] | undefined);
  set('overlap', flag('--overlap') as ScheduleInput['overlap'] | undefined);
  return wish;
}

function repeatIn(every: string | undefined, cron: string | undefined): ScheduleInput['repeat'] | undefined {
  if (every !== undefined && cron !== undefined) throw invalidOption('--cron', '--every and --cron are both given: choose one');
  if (every !== undefined) return { kind: 'interval', seconds: secondsIn('--every', every) };
  return cron === undefined ? undefined : { kind: 'cron', expression: cron };
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

function secondsIn(name: string, text: string): number {
  const { count, unit = 's' } = /^(?<count>\d{1,9})(?<unit>[smhd]?)$/.exec(text)?.groups ?? {};
  if (count === undefined) throw invalidOption(name, `${name} is a time such as 30s, 15m, 1h or 7d, not "${text}"`);
  return Number(count) * (unitSeconds[unit as keyof typeof unitSeconds] ?? 1);
}

function hoursIn(hours: string | undefined, days: string | undefined): ScheduleInput['activeHours'] | undefined {
  if (hours === undefined && days === undefined) return undefined;
  const { from, to } = /^(?<from>\d\d:\d\d)-(?<to>\d\d:\d\d)$/.exec(hours ?? '00:00-24:00')?.groups ?? {};
  if (from === undefined || to === undefined) throw invalidOption('--hours', `--hours is such as 09:00-17:30, not "${hours}"`);
  if (!/^[1-7]{1,7}$/.test(days ?? '1234567')) throw invalidOption('--days', `--days is such as 12345, with 1 for Monday, not "${days}"`);
  return { days: [...(days ?? '1234567')].map(Number), from, to };
}

function headersIn(text: string | undefined): OrderInput['headers'] | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as OrderInput['headers'];
  } catch {
    throw invalidOption('--headers', `--headers is JSON, such as '{"accept-language": "de"}'`);
  }
}

function extractionIn({ flag }: Pick<ClientCall, 'flag'>): OrderInput['extraction'] | undefined {
  const given = extractionKinds.filter((kind) => flag(`--${kind}`) !== undefined);
  if (given.length > 1) throw invalidOption(`--${given[1]}`, `--${given.join(' and --')} are given: choose one`);
  const [kind] = given;
  return kind === undefined ? undefined : { kind, expression: flag(`--${kind}`) ?? '' };
}

export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw invalidOption(name, `${name} is a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}
