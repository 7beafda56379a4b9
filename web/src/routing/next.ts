/** Where to go on after somebody logged in or opened an account: to where he was going. */
import { forgetChoice, readChoice, writeChoice } from '../browser.ts';

const remembered = 'afterwards';

/** Only addresses of our own: a link from elsewhere must not lead on to elsewhere. */
export function ownPath(text: string | null | undefined): string | undefined {
  return text !== null && text !== undefined && /^\/(?![/\\])/.test(text) ? text : undefined;
}

/** `/login?next=...`, or without, where there is nothing to go on to. */
export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`;
}

/** For the time until the letter is opened, maybe in another tab. */
export function rememberNext(next: string | undefined): void {
  if (next === undefined) forgetChoice(remembered);
  else writeChoice(remembered, next);
}

export function takeRememberedNext(): string | undefined {
  const next = ownPath(readChoice(remembered));
  forgetChoice(remembered);
  return next;
}
