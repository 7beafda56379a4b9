/**
 * Devices that logged in before. Each keeps a signed cookie that is bound to the account's address. Guesses of strangers do not
 * hold such a device up; guesses from the device itself do.
 */

import type { Random } from '#core/ports/random.ts';
import type { Seal } from '#core/ports/secrets.ts';

export const deviceLifeMs = 180 * 86_400_000;

const purpose = 'people device';

/** The id of the device; undefined when the cookie is too old, forged, or of another account. */
export function deviceIn(seal: Seal, cookie: string | undefined, email: string, now: number): string | undefined {
  const [, id = '', until = '', signature = ''] = /^([0-9a-f]{32})\.(\d{1,15})\.([\w-]{43})$/.exec(cookie ?? '') ?? [];
  if (id === '' || Number(until) <= now) return undefined;
  return seal.signed(purpose, signedText(id, until, email), signature) ? id : undefined;
}

/** The cookie of a device that has just logged in; one that was known keeps its id. */
export function deviceCookie(seal: Seal, random: Random, present: string | undefined, email: string, now: number): string {
  const id = deviceIn(seal, present, email, now) ?? random.id();
  const until = String(now + deviceLifeMs);
  return `${id}.${until}.${seal.sign(purpose, signedText(id, until, email))}`;
}

function signedText(id: string, until: string, email: string): string {
  return `${id} ${until} ${email}`;
}
