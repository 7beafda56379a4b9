/** What the module does by itself: removes what has expired, keeps the signing keys fresh, and has waiting letters sent. */
import { type ChorePorts, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { PeopleContext } from '../store/context.ts';
import { removeExpired } from '../store/expired.ts';
import { keepSigningKeys } from '../store/sessions/signing-keys.ts';

const intervalMs = 60_000;
/** Often: people wait for the letter. */
const letterIntervalMs = 2_000;
const maxRemoved = 500;

/** Until `signal` aborts. */
export function keepPeople(context: PeopleContext, ports: ChorePorts, signal: AbortSignal): Promise<void> {
  const { state, clock } = context.ports;
  const chore = startChore({
    name: 'people-keeping',
    ports,
    everyMs: intervalMs,
    jitter: 0.1,
    failing: 'expired sessions and tokens are not removed',
    signal,
    async work() {
      await keepSigningKeys(context);
      const removed = await state.write((queries) => removeExpired(queries, context.sessionRules, clock.now(), { atOnce: maxRemoved }));
      return removed >= maxRemoved ? 'more' : undefined;
    },
  });
  return chore.ended;
}

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
