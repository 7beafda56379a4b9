/** Routes for one's own account: name, password, address, second factor, sessions, access tokens, and what happened. */
import type { FastifyRequest } from 'fastify';
import type { Farewell } from '#core/farewell.ts';
import { type Route, route } from '#http/route.ts';
import { clearSessionCookie } from '#http/sessions.ts';
import { qrCodeImage } from '../domain/qr-code.ts';
import { askForEmail, confirmEmail } from '../store/accounts/change-email.ts';
import { closeAccount } from '../store/accounts/close-account.ts';
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
import { askingAgain, emailIn, nameIn, rememberDevice, setCookie, whereaboutsOf } from './requests.ts';

interface OwnOptions {
  readonly context: PeopleContext;
  /** What links in letters begin with; undefined where they can have none. */
  originFor(request: FastifyRequest): string | undefined;
  /** What the modules do when an account is closed. */
  readonly farewells: readonly Farewell[];
}

export function ownRoutes(options: OwnOptions): readonly Route[] {
  const { context } = options;
  return [
    ...accountRoutes(context),
    ...addressRoutes(options),
    ...secondFactorRoutes(context),
    ...sessionRoutes(context),
    ...accessTokenRoutes(context),
  ];
}

function accountRoutes(context: PeopleContext): readonly Route[] {
  const { ports } = context;
  return [
    route(contracts.changeMyName, ({ account, body }) => changeName(context, account, nameIn(body))),
    route(contracts.myEvents, async ({ account, query }) => {
      const { items, next } = await ports.state.read((queries) => listEvents(queries, { ...query, accountId: account.id }));
      return { events: items, next };
    }),
    route(contracts.signedToken, ({ identity, body }) => signToken(context, identity, body.audience)),
    route(contracts.changeMyPassword, async (input) => {
      setCookie(input, await changePassword(context, askingAgain(input), input.body));
    }),
  ];
}

/** Another address, and the end of the account. */
function addressRoutes({ context, originFor, farewells }: OwnOptions): readonly Route[] {
  return [
    route(contracts.changeMyEmail, async (input) => {
      await askForEmail(context, askingAgain(input), { email: emailIn(input.body), origin: originFor(input.request) });
      return { message: 'A letter is on its way to this address: its link changes the address of your account.' };
    }),
    route(contracts.confirmMyEmail, async (input) => {
      const asking = { identity: input.identity, from: whereaboutsOf(input.request) };
      const { email, session } = await confirmEmail(context, asking, input.body.token);
      setCookie(input, session);
      rememberDevice(context, input, email);
    }),
    route(contracts.closeMyAccount, async (input) => {
      await closeAccount(context, askingAgain(input), farewells);
      clearSessionCookie(input.request, input.reply);
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
      setCookie(input, session);
      return { recoveryCodes };
    }),
    route(contracts.removeSecondFactor, async (input) => {
      setCookie(input, await switchSecondFactorOff(context, askingAgain(input)));
    }),
    route(contracts.newRecoveryCodes, async (input) => ({ recoveryCodes: await makeRecoveryCodes(context, askingAgain(input)) })),
  ];
}

function sessionRoutes({ ports, sessionRules }: PeopleContext): readonly Route[] {
  return [
    route(contracts.mySessions, async ({ account, identity }) => {
      const sessions = await ports.state.read((queries) => listSessions(queries, account, sessionRules, ports.clock.now()));
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
    route(contracts.newAccessToken, ({ identity, body, request }) =>
      makeAccessToken(ports, identity, { ...body, name: nameIn(body) }, request.ip),
    ),
    route(contracts.endAccessToken, ({ account, params, request }) => revokeAccessToken(ports, account.id, params.id, request.ip)),
  ];
}
