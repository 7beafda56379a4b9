/** The desk over HTTP: each message is a POST. */
import { type Route, route } from '#http/route.ts';
import * as contracts from './contracts.ts';
import type { Caller, Desk } from './desk.ts';

export function deskRoutes(desk: Desk): readonly Route[] {
  const caller = (account: { readonly id: string }, request: { readonly ip: string }): Caller => ({
    accountId: account.id,
    address: request.ip,
  });
  return [
    route(contracts.claim, ({ account, body, request, signal }) => desk.claim(caller(account, request), body, signal)),
    route(contracts.extend, ({ account, body, request }) => desk.extend(caller(account, request), body)),
    route(contracts.complete, ({ account, body, request }) => desk.complete(caller(account, request), body)),
    route(contracts.release, ({ account, body, request }) => desk.release(caller(account, request), body)),
  ];
}
