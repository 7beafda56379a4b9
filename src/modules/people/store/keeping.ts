/** What the room does by itself: removes what is over, keeps the signing keys fresh, and has its letters sent. */
import type { Log } from '#core/ports/log.ts';
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

export async function keepPeople(context: PeopleContext & { readonly log: Log }, signal: AbortSignal): Promise<void> {
  const { state, clock } = context.ports;
  while (!signal.aborted) {
    try {
      await keepSigningKeys(context.ports);
      await state.write((queries) => removeWhatIsOver(context, queries));
    } catch (error) {
      context.log.warn({ err: error }, 'what is over of sessions and tokens could not be removed; trying again');
    }
    await clock.sleep(intervalMs, signal);
  }
}

/** Looks often: somebody waits for the letter. */
const letterIntervalMs = 2_000;

export async function sendLetters(
  { ports: { mail, clock }, log }: PeopleContext & { readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  while (mail.sendWaiting && !signal.aborted) {
    try {
      await mail.sendWaiting();
    } catch (error) {
      log.warn({ err: error }, 'letters that wait could not be looked at; trying again');
    }
    await clock.sleep(letterIntervalMs, signal);
  }
}

async function removeWhatIsOver({ ports, sessionRules }: PeopleContext, queries: Queries): Promise<void> {
  const now = ports.clock.now();
  await pruneSessions(queries, sessionRules, now, maxRemoved);
  await pruneAccessTokens(queries, now, maxRemoved);
  await pruneMailTokens(queries, now, maxRemoved);
  await pruneAttempts(queries, now, maxRemoved);
  await pruneEvents(queries, now, maxRemoved);
}
