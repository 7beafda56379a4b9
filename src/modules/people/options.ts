/** The options of accounts and sessions. */
import { emailAddress, oneOf, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, type Values } from '#core/options/option.ts';
import type { SessionRules } from './domain/sessions.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
    default: '72',
    doc: 'A session ends when it was not used for so many hours; that of an admin sooner.',
  }),
  sessionMaxDays: option({
    name: 'SESSION_MAX_DAYS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 366 }),
    default: '30',
    doc: 'A session ends after so many days, however much it was used; that of an admin sooner.',
  }),
  adminSessionIdleMinutes: option({
    name: 'ADMIN_SESSION_IDLE_MINUTES',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 10_080 }),
    default: '30',
    doc: "An admin's session ends when it was not used for so many minutes.",
  }),
  adminSessionMaxHours: option({
    name: 'ADMIN_SESSION_MAX_HOURS',
    group: 'People',
    kind: wholeNumber({ min: 1, max: 720 }),
    default: '12',
    doc: "An admin's session ends after so many hours, however much it was used.",
  }),
  adminSecondFactor: option({
    name: 'ADMIN_SECOND_FACTOR',
    group: 'People',
    kind: oneOf('ask', 'insist'),
    default: 'ask',
    doc: 'Admins without a second factor are asked for one when they log in. `insist`: until it is on, they may do no more than a member.',
  }),
} as const satisfies OptionTable;

export function sessionRulesFrom(options: Values<typeof peopleOptions>): SessionRules {
  return {
    member: { idleMs: options.sessionIdleHours * hourMs, longestMs: options.sessionMaxDays * 24 * hourMs },
    admin: { idleMs: options.adminSessionIdleMinutes * minuteMs, longestMs: options.adminSessionMaxHours * hourMs },
    adminsNeedSecondFactor: options.adminSecondFactor === 'insist',
  };
}
