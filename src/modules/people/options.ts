/** The options of accounts and sessions. */
import { emailAddress, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, type Values } from '#core/options/option.ts';
import type { SessionRules } from './store/sessions/sessions.ts';

const hourMs = 3_600_000;

export const peopleOptions = {
  adminEmail: option({
    name: 'ADMIN_EMAIL',
    group: 'People',
    kind: emailAddress,
    default: 'admin@localhost',
    doc: 'The address of the admin that the first start of an empty house opens an account for. Its password is printed once.',
  }),
  sessionIdleHours: option({
    name: 'SESSION_IDLE_HOURS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 8_760 }),
    default: '168',
    doc: 'A session that nobody used for so many hours is over.',
  }),
  sessionMaxDays: option({
    name: 'SESSION_MAX_DAYS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 366 }),
    default: '30',
    doc: 'After so many days one has to log in again, however much the session was used.',
  }),
} as const satisfies OptionTable;

export function sessionRulesFrom({ sessionIdleHours, sessionMaxDays }: Values<typeof peopleOptions>): SessionRules {
  return { idleMs: sessionIdleHours * hourMs, longestMs: sessionMaxDays * 24 * hourMs };
}
