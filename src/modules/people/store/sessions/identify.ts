/** From a cookie or an access token to an account: all that a process needs of this room whose role `people` runs elsewhere. */

import type { Identify } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import { findAccessToken, touchAccessToken } from './access-tokens.ts';
import { findSession, type SessionRules, touchSession } from './sessions.ts';

/** Asks the books each time: what was revoked is worth nothing from the next request on, in every process. */
export function identifyFrom({ state, clock, log }: Pick<Ports, 'state' | 'clock' | 'log'>, rules: SessionRules): Identify {
  return async ({ kind, secret }) => {
    const now = clock.now();
    const found = await state.read((queries) =>
      kind === 'session' ? findSession(queries, secret, rules, now) : findAccessToken(queries, secret, now),
    );
    if (found?.stale) {
      const { id } = found.identity;
      const touched = state.write((queries) => (kind === 'session' ? touchSession(queries, id, now) : touchAccessToken(queries, id, now)));
      // Somebody who only looks must not be turned away because nothing can be written.
      await touched.catch((error: unknown) => log.warn({ err: error }, 'that a session is in use could not be written down'));
    }
    return found?.identity;
  };
}
