/** What the module does by itself: removes what has expired, keeps the signing keys fresh, and has its letters sent. */
import { type ChorePorts, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { pruneEvents } from './accounts/events.ts';
import type { PeopleContext } from './context.ts';
import { pruneAttempts } from './entrance/attempts.ts';
import { pruneMailTokens } from './entrance/mail-tokens.ts';
import { pruneAccessTokens } from './sessions/access-tokens.ts';
import { pruneSessions } from './sessions/sessions.ts';
import { keepSigningKeys } from './sessions/signing-keys.ts';

const intervalMs = 60_000;
/** Of each kind in a round: keeps the transaction short. */
const maxRemoved = 500;

/** Until `signal` aborts. */
export function keepPeople(context: PeopleContext, ports: ChorePorts, signal: AbortSignal): Promise<void> {
  const chore = startChore({
    name: 'people-keeping',
    ports,
    everyMs: intervalMs,
    jitter: 0.1,
    failing: 'expired sessions and tokens are not removed',
    signal,
    async work() {
      await keepSigningKeys(context.ports);
      await context.ports.state.write((queries) => removeExpired(context, queries));
    },
  });
  return chore.ended;
}

/** Looks often: somebody waits for the letter. */
const letterIntervalMs = 2_000;

/** Until `signal` aborts. */
export async function sendLetters(ports: ChorePorts & Pick<Ports, 'mail'>, signal: AbortSignal): Promise<void> {
  const { mail } = ports;
  if (mail.sendWaiting === undefined) return;
  const chore = startChore({
    name: 'people-letters',
    ports,
    everyMs: letterIntervalMs,
    failing: 'letters that wait are not sent',
    signal,
    work: async () => void (await mail.sendWaiting?.()),
  });
  await chore.ended;
}

async function removeExpired({ ports, sessionRules }: PeopleContext, queries: Queries): Promise<void> {
  const now = ports.clock.now();
  await pruneSessions(queries, sessionRules, now, maxRemoved);
  await pruneAccessTokens(queries, now, maxRemoved);
  await pruneMailTokens(queries, now, maxRemoved);
  await pruneAttempts(queries, now, maxRemoved);
  await pruneEvents(queries, now, maxRemoved);
}
