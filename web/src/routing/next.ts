/** The page to open after a login or sign-up: the one where the user was. */
import { forgetChoice, readChoice, writeChoice } from '../browser.ts';

const remembered = 'afterwards';

/** Only paths of this app, which prevents open redirects. */
export function ownPath(text: string | null | undefined): string | undefined {
  return text !== null && text !== undefined && /^\/(?![/\\])/.test(text) ? text : undefined;
}

/** `/login?next=...`, or the path alone if there is no next page. */
export function withNext(path: string, next: string | undefined): string {
  return next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`;
}

/** Pages on the way in: nobody wants to be back there. */
const entrance = /^\/(login|sign-up|forgotten|account\/(open|reset|email))\/?$/;

/** What a link to the login returns to, from a page with this path and query. */
export function nextFrom(path: string, query: URLSearchParams): string | undefined {
  if (entrance.test(path)) return ownPath(query.get('next'));
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Saves the next page until the letter is opened, maybe in another tab. */
export function rememberNext(next: string | undefined): void {
  if (next === undefined) forgetChoice(remembered);
  else writeChoice(remembered, next);
}

export function takeRememberedNext(): string | undefined {
  const next = ownPath(readChoice(remembered));
  forgetChoice(remembered);
  return next;
}
