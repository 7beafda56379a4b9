/** The options of accounts and sessions. */
import { emailAddress, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, type Values } from '#core/options/option.ts';
import type { SessionRules } from './domain/sessions.ts';

const hourMs = 3_600_000;

export const peopleOptions = {
  adminEmail: option({
    name: 'ADMIN_EMAIL',
    group: 'People',
    kind: emailAddress,
    default: 'admin@localhost',
    doc: 'The address of the admin whose account the first start of an empty house opens. Its password is printed once.',
  }),
  sessionIdleHours: option({
    name: 'SESSION_IDLE_HOURS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 8_760 }),
    default: '168',
    doc: 'A session ends when it was not used for so many hours.',
  }),
  sessionMaxDays: option({
    name: 'SESSION_MAX_DAYS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 366 }),
    default: '30',
    doc: 'A session ends after so many days, however much it was used.',
  }),
} as const satisfies OptionTable;

export function sessionRulesFrom({ sessionIdleHours, sessionMaxDays }: Values<typeof peopleOptions>): SessionRules {
  return { idleMs: sessionIdleHours * hourMs, longestMs: sessionMaxDays * 24 * hourMs };
}
