/** What is refused of a schedule, each with the field it is about, and the words for each reader. */
import type { ReasonIn } from '#core/errors.ts';
import { type ReasonsOf, says } from '#core/refusals.ts';
import type { CronField } from './cron-expression.ts';

type CronPart = { position: number; part: string; cronField: CronField };

const german: Readonly<Record<CronField, string>> = {
  minute: 'die Minute',
  hour: 'die Stunde',
  day: 'den Tag des Monats',
  month: 'den Monat',
  weekday: 'den Wochentag',
};

const english: Readonly<Record<CronField, string>> = {
  minute: 'minute',
  hour: 'hour',
  day: 'day of the month',
  month: 'month',
  weekday: 'weekday',
};

const examples: Readonly<Record<CronField, string>> = {
  minute: '0, 15-45, */10',
  hour: '9, 8-18, */2',
  day: '1, 10-20, L',
  month: '1, jan-mar, */3',
  weekday: 'mon, mon-fri, 5L, 5#2',
};

const cronRefusals = {
  'schedule-cron-long': says<{ most: number }>({
    code: 'invalid_input',
    en: ({ most }) => `The cron expression is longer than ${most} characters.`,
    de: ({ most }) => `Der Cron-Ausdruck ist länger als ${most} Zeichen.`,
  }),
  'schedule-cron-fields': says<{ position: number; count: number }>({
    code: 'invalid_input',
    en: ({ position, count }) => `Character ${position}: there are ${count} fields. Write five: minute, hour, day, month, weekday.`,
    de: ({ position, count }) => `Zeichen ${position}: das sind ${count} Felder. Schreib fünf: Minute, Stunde, Tag, Monat, Wochentag.`,
  }),
  'schedule-cron-name': says<{ position: number; part: string; known: string }>({
    code: 'invalid_input',
    en: ({ position, part, known }) => `Character ${position}: there is no ${part}. Choose one of ${known}.`,
    de: ({ position, part, known }) => `Zeichen ${position}: ${part} gibt es nicht. Nimm eines von ${known}.`,
  }),
  'schedule-cron-part': says<CronPart>({
    code: 'invalid_input',
    en: ({ position, part, cronField }) =>
      `Character ${position}: “${part}” does not name a ${english[cronField]}. Write it like ${examples[cronField]}, or * for any.`,
    de: ({ position, part, cronField }) =>
      `Zeichen ${position}: „${part}“ sagt nichts über ${german[cronField]}. Schreib etwas wie ${examples[cronField]}, oder * für alle.`,
  }),
  'schedule-cron-value': says<CronPart & { least: number; most: number }>({
    code: 'invalid_input',
    en: ({ position, part, cronField, least, most }) =>
      `Character ${position}: “${part}” is out of range. For the ${english[cronField]}, write ${least} to ${most}.`,
    de: ({ position, part, cronField, least, most }) =>
      `Zeichen ${position}: „${part}“ liegt außerhalb. Schreib für ${german[cronField]} ${least} bis ${most}.`,
  }),
  'schedule-cron-range': says<CronPart & { instead: string }>({
    code: 'invalid_input',
    en: ({ position, part, instead }) => `Character ${position}: “${part}” ends before it begins. Write ${instead} instead.`,
    de: ({ position, part, instead }) => `Zeichen ${position}: „${part}“ endet, bevor es beginnt. Schreib stattdessen ${instead}.`,
  }),
  'schedule-cron-step': says<CronPart & { most: number }>({
    code: 'invalid_input',
    en: ({ position, part, cronField, most }) =>
      `Character ${position}: the step in “${part}” is 1 to ${most} for the ${english[cronField]}. For longer ones, repeat by an interval.`,
    de: ({ position, part, cronField, most }) =>
      `Zeichen ${position}: der Schritt in „${part}“ geht für ${german[cronField]} von 1 bis ${most}. Für längere wähle einen festen Abstand.`,
  }),
  'schedule-cron-never': says<{ expression: string }>({
    code: 'invalid_input',
    en: ({ expression }) => `No calendar has a day on which ${expression} is due. Choose other days.`,
    de: ({ expression }) => `Kein Kalender hat einen Tag, auf den ${expression} fällt. Wähle andere Tage.`,
  }),
};

const startRefusals = {
  'schedule-start-form': says<{ start: string }>({
    code: 'invalid_input',
    en: ({ start }) => `“${start}” is not a date and time. Write it like 2027-03-28T09:00.`,
    de: ({ start }) => `„${start}“ ist kein Datum mit Uhrzeit. Schreib es wie 2027-03-28T09:00.`,
  }),
  'schedule-start-past': says<{ start: string }>({
    code: 'invalid_input',
    en: () => 'The start is over: choose a later one.',
    de: () => 'Der Beginn ist schon vorbei: wähle einen späteren.',
  }),
  'schedule-start-far': says<{ days: number }>({
    code: 'invalid_input',
    en: ({ days }, { whole }) => `The start is too far ahead: choose one within ${whole(days)} days.`,
    de: ({ days }, { whole }) => `Der Beginn liegt zu weit voraus: wähle einen in den nächsten ${whole(days)} Tagen.`,
  }),
  'schedule-zone': says<{ zone: string }>({
    code: 'invalid_input',
    en: ({ zone }) => `There is no time zone “${zone}”. Write it like Europe/Berlin.`,
    de: ({ zone }) => `Die Zeitzone „${zone}“ gibt es nicht. Schreib sie wie Europe/Berlin.`,
  }),
};

const rhythmRefusals = {
  'schedule-interval': says<{ least: number; most: number }>({
    code: 'invalid_input',
    en: ({ least, most }, { whole }) => `The interval is a whole number of seconds from ${whole(least)} to ${whole(most)}.`,
    de: ({ least, most }, { whole }) => `Der Abstand ist eine ganze Zahl von Sekunden von ${whole(least)} bis ${whole(most)}.`,
  }),
  'schedule-repetitions': says<{ most: number }>({
    code: 'invalid_input',
    en: ({ most }, { whole }) => `The number of repetitions is 1 to ${whole(most)}, or none: then the order goes on until it is cancelled.`,
    de: ({ most }, { whole }) =>
      `Die Zahl der Wiederholungen ist 1 bis ${whole(most)}, oder keine: dann läuft der Auftrag bis zur Kündigung.`,
  }),
  'schedule-repetitions-used': says<{ used: number }>({
    code: 'conflict',
    en: ({ used }, { whole }) => `${whole(used)} repetitions are over already: choose a higher number, or cancel the order.`,
    de: ({ used }, { whole }) => `${whole(used)} Wiederholungen sind schon vorbei: wähle eine höhere Zahl, oder kündige den Auftrag.`,
  }),
  'schedule-over': says({
    code: 'conflict',
    en: () => 'Nothing would be due any more: choose another rhythm or a later start.',
    de: () => 'Es wäre nichts mehr fällig: wähle einen anderen Rhythmus oder einen späteren Beginn.',
  }),
  'schedule-jitter': says<{ most: number }>({
    code: 'invalid_input',
    en: ({ most }, { whole }) => `The jitter is a whole number of seconds from 0 to ${whole(most)}, and shorter than the interval.`,
    de: ({ most }, { whole }) => `Die Streuung ist eine ganze Zahl von Sekunden von 0 bis ${whole(most)}, und kürzer als der Abstand.`,
  }),
  'schedule-late': says<{ least: number; most: number }>({
    code: 'invalid_input',
    en: ({ least, most }, { whole }) => `A time counts as missed after ${whole(least)} to ${whole(most)} seconds.`,
    de: ({ least, most }, { whole }) => `Ein Termin gilt nach ${whole(least)} bis ${whole(most)} Sekunden als versäumt.`,
  }),
};

const activeRefusals = {
  'schedule-active-days': says({
    code: 'invalid_input',
    en: () => 'Choose at least one day of the week: 1 for Monday to 7 for Sunday.',
    de: () => 'Wähle mindestens einen Wochentag: 1 für Montag bis 7 für Sonntag.',
  }),
  'schedule-active-time': says<{ time: string }>({
    code: 'invalid_input',
    en: ({ time }) => `“${time}” is not a time of the day. Write it like 09:00; an end may be 24:00.`,
    de: ({ time }) => `„${time}“ ist keine Uhrzeit. Schreib sie wie 09:00; ein Ende darf 24:00 sein.`,
  }),
  'schedule-active-empty': says({
    code: 'invalid_input',
    en: () => 'The active hours end when they begin. For the whole day, write 00:00 to 24:00.',
    de: () => 'Die aktiven Stunden enden, wenn sie beginnen. Schreib für den ganzen Tag 00:00 bis 24:00.',
  }),
  'schedule-active-never': says({
    code: 'invalid_input',
    en: () => 'No due time lies in the active hours: choose longer ones, or another rhythm.',
    de: () => 'Kein Termin liegt in den aktiven Stunden: wähle längere oder einen anderen Rhythmus.',
  }),
};

export const scheduleRefusals = { ...cronRefusals, ...startRefusals, ...rhythmRefusals, ...activeRefusals };

/** `field` is the one at fault, such as `repeat.expression`. */
export type ScheduleRefusal = { readonly field: string } & ReasonIn<ReasonsOf<typeof scheduleRefusals>>;
