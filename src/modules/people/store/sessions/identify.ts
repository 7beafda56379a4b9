/** From a cookie or an access token to an account: what a process needs of this module where the role `people` runs elsewhere. */
import type { Identify } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { SessionRules } from '../../domain/sessions.ts';
import { findAccessToken, touchAccessToken } from './access-tokens.ts';
import { findSession, touchSession } from './sessions.ts';

/** Asks the State each time: what was revoked is refused from the next request on, in every process. */
export function identifyFrom({ state, clock, log }: Pick<Ports, 'state' | 'clock' | 'log'>, rules: SessionRules): Identify {
  return async ({ kind, secret }) => {
    const now = clock.now();
    const found = await state.read((queries) =>
      kind === 'session' ? findSession(queries, secret, rules, now) : findAccessToken(queries, secret, rules, now),
    );
    if (found?.stale) {
      const { id } = found.identity;
      const touched = state.write((queries) => (kind === 'session' ? touchSession(queries, id, now) : touchAccessToken(queries, id, now)));
      // Reading must work also while nothing can be written.
      await touched.catch((error: unknown) => log.warn({ err: error }, 'the last use of a session could not be written'));
    }
    return found?.identity;
  };
}
