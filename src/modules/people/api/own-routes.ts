/** Routes for one's own account: name, password, second factor, sessions, access tokens, and what happened. */
import { type Route, route } from '#http/route.ts';
import { clearSessionCookie } from '#http/sessions.ts';
import { qrCodeImage } from '../domain/qr-code.ts';
import { listEvents } from '../store/accounts/events.ts';
import {
  changeName,
  changePassword,
  makeRecoveryCodes,
  offerSecondFactor,
  switchSecondFactorOff,
  switchSecondFactorOn,
} from '../store/accounts/own-account.ts';
import type { PeopleContext } from '../store/context.ts';
import { listAccessTokens, makeAccessToken, revokeAccessToken } from '../store/sessions/access-tokens.ts';
import { listSessions, revokeOtherSessions, revokeSession } from '../store/sessions/sessions.ts';
import { signToken } from '../store/sessions/signing-keys.ts';
import * as contracts from './contracts.ts';
import { askingAgain, nameIn, setCookie, whereaboutsOf } from './requests.ts';

export function ownRoutes(context: PeopleContext): readonly Route[] {
  return [...accountRoutes(context), ...secondFactorRoutes(context), ...sessionRoutes(context), ...accessTokenRoutes(context)];
}

function accountRoutes(context: PeopleContext): readonly Route[] {
  const { ports } = context;
  return [
    route(contracts.changeMyName, ({ account, body }) => changeName(context, account, nameIn(body))),
    route(contracts.myEvents, async ({ account, query }) => {
      const { items, next } = await ports.state.read((queries) => listEvents(queries, { ...query, accountId: account.id }));
      return { events: items, next };
    }),
    route(contracts.signedToken, ({ account, body }) => signToken(ports, account, body.audience)),
    route(contracts.changeMyPassword, async (input) => {
      setCookie(context, input, await changePassword(context, askingAgain(input), input.body.newPassword));
    }),
  ];
}

function secondFactorRoutes(context: PeopleContext): readonly Route[] {
  return [
    route(contracts.beginSecondFactor, async (input) => {
      const otpauthUrl = await offerSecondFactor(context, askingAgain(input));
      return { otpauthUrl, qrImage: await qrCodeImage(otpauthUrl) };
    }),
    route(contracts.confirmSecondFactor, async (input) => {
      const asking = { identity: input.identity, from: whereaboutsOf(input.request) };
      const { session, recoveryCodes } = await switchSecondFactorOn(context, asking, input.body.code);
      setCookie(context, input, session);
      return { recoveryCodes };
    }),
    route(contracts.removeSecondFactor, async (input) => {
      setCookie(context, input, await switchSecondFactorOff(context, askingAgain(input)));
    }),
    route(contracts.newRecoveryCodes, async (input) => ({ recoveryCodes: await makeRecoveryCodes(context, askingAgain(input)) })),
  ];
}

function sessionRoutes({ ports, sessionRules }: PeopleContext): readonly Route[] {
  return [
    route(contracts.mySessions, async ({ account, identity }) => {
      const sessions = await ports.state.read((queries) => listSessions(queries, account.id, sessionRules, ports.clock.now()));
      return { sessions: sessions.map((session) => ({ ...session, current: session.id === identity.id })) };
    }),
    route(contracts.endOtherSessions, ({ identity, request }) => revokeOtherSessions(ports, identity, request.ip)),
    route(contracts.endOneSession, async ({ identity, params, request, reply }) => {
      await revokeSession(ports, identity, params.id, request.ip);
      if (params.id === identity.id) clearSessionCookie(request, reply);
    }),
  ];
}

function accessTokenRoutes({ ports }: PeopleContext): readonly Route[] {
  return [
    route(contracts.myAccessTokens, async ({ account }) => ({
      accessTokens: await ports.state.read((queries) => listAccessTokens(queries, account.id, ports.clock.now())),
    })),
    route(contracts.newAccessToken, ({ account, body, request }) =>
      makeAccessToken(ports, account, { ...body, name: nameIn(body) }, request.ip),
    ),
    route(contracts.endAccessToken, ({ account, params, request }) => revokeAccessToken(ports, account.id, params.id, request.ip)),
  ];
}
