/** What happens for each who gets a kept answer: who saw which flights is noted, and new visitors get their cookie. */
import type { Caller } from '#http/callers.ts';
import type { AccessKind } from '../domain/access.ts';
import type { FlightsApi } from './flights-api.ts';

export function noting({ visitors, accesses }: Pick<FlightsApi, 'visitors' | 'accesses'>, kind: AccessKind) {
  return (caller: Caller, flightIds: readonly string[]): string | undefined => {
    const { visitor, cookie } = visitors.known(caller);
    if (flightIds.length > 0) accesses.note(visitor, kind, flightIds);
    return cookie;
  };
}
