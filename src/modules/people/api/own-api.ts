/** Routes for one's own account: name, password, second factor, sessions, access tokens, and what happened. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { adminScopes } from '#core/account.ts';
import { refusal } from '#core/errors.ts';
import { clearSessionCookie, forAccounts, requireAccount, requireSession, setSessionCookie } from '#http/sessions.ts';
import { qrCodeImage } from '../domain/qr-code.ts';
import type { PeopleReasons } from '../domain/reasons.ts';
import { setName } from '../store/accounts/accounts.ts';
import { listEvents, recordEvent } from '../store/accounts/events.ts';
import {
  type Asking,
  changePassword,
  makeRecoveryCodes,
  offerSecondFactor,
  switchSecondFactorOff,
  switchSecondFactorOn,
} from '../store/accounts/own-account.ts';
import type { PeopleContext } from '../store/context.ts';
import { addAccessToken, endAccessToken, listAccessTokens, maxAccessTokens } from '../store/sessions/access-tokens.ts';
import { endSession, endSessions, listSessions, type OpenedSession } from '../store/sessions/sessions.ts';
import { signToken } from '../store/sessions/signing-keys.ts';
import { nameIn, refused, whereaboutsOf } from './refusals.ts';
import {
  AccessTokens,
  AccountView,
  EventsQuery,
  MadeAccessToken,
  MyName,
  NewAccessToken,
  OneId,
  PasswordAgain,
  PasswordChange,
  RecoveryCodes,
  SecondFactorConfirm,
  SecondFactorOffer,
  SecurityEvents,
  SessionList,
  Token,
  TokenRequest,
} from './schemas.ts';

const about = { tags: ['people'], security: forAccounts };
const Done = Type.Null({ description: 'Done' });
const dayMs = 86_400_000;

export function addOwnRoutes(server: FastifyInstance, context: PeopleContext): void {
  addPasswordRoutes(server, context);
  addSecondFactorRoutes(server, context);
  addSessionRoutes(server, context);
  addAccessTokenRoutes(server, context);
  const { ports } = context;

  server.patch<{ Body: MyName }>(
    '/api/people/me',
    { schema: { ...about, summary: 'Change my name', body: MyName, response: { 200: AccountView } } },
    async (request) => {
      const { account } = await requireSession(request);
      const name = nameIn(request.body);
      await ports.state.write((queries) => setName(queries, account.id, name));
      return { ...account, name };
    },
  );

  server.get<{ Querystring: EventsQuery }>(
    '/api/people/me/events',
    { schema: { ...about, summary: 'What happened to my account', querystring: EventsQuery, response: { 200: SecurityEvents } } },
    async (request) => {
      const { account } = await requireSession(request);
      const { before, limit } = request.query;
      const page = await ports.state.read((queries) => listEvents(queries, { personId: account.id, before, limit }));
      return { ...page, events: [...page.events] };
    },
  );

  server.post<{ Body: TokenRequest }>(
    '/api/people/token',
    {
      schema: {
        ...about,
        summary: 'A signed token for another service',
        description: 'It lives for 5 minutes; who receives it verifies it with /.well-known/jwks.json, without asking us.',
        body: TokenRequest,
        response: { 200: Token },
      },
    },
    async (request) => signToken(ports, await requireAccount(request), request.body.audience),
  );
}

function addPasswordRoutes(server: FastifyInstance, context: PeopleContext): void {
  server.post<{ Body: PasswordChange }>(
    '/api/people/me/password',
    {
      schema: {
        ...about,
        summary: 'Change my password',
        description: 'Ends my other sessions; this one gets a new cookie.',
        body: PasswordChange,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const result = await changePassword(context, await asking(request), request.body.newPassword);
      if (result.outcome !== 'done') throw refused(reply, result);
      rotateCookie(context, request, reply, result.session);
      return reply.code(204).send(null);
    },
  );
}

function addSecondFactorRoutes(server: FastifyInstance, context: PeopleContext): void {
  server.post<{ Body: PasswordAgain }>(
    '/api/people/me/second-factor',
    { schema: { ...about, summary: 'Begin a second factor', body: PasswordAgain, response: { 200: SecondFactorOffer } } },
    async (request, reply) => {
      const result = await offerSecondFactor(context, await asking(request));
      if (result.outcome !== 'done') throw refused(reply, result);
      return { otpauthUrl: result.otpauthUrl, qrImage: await qrCodeImage(result.otpauthUrl) };
    },
  );

  server.post<{ Body: SecondFactorConfirm }>(
    '/api/people/me/second-factor/confirm',
    {
      schema: {
        ...about,
        summary: 'Switch the second factor on with its first code',
        description: 'Ends my other sessions; this one gets a new cookie.',
        body: SecondFactorConfirm,
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      const identity = await requireSession(request);
      const result = await switchSecondFactorOn(context, { identity, code: request.body.code, from: whereaboutsOf(request) });
      if (result.outcome !== 'done') throw refused(reply, result);
      rotateCookie(context, request, reply, result.session);
      return { recoveryCodes: [...result.recoveryCodes] };
    },
  );

  server.post<{ Body: PasswordAgain }>(
    '/api/people/me/second-factor/remove',
    { schema: { ...about, summary: 'Switch the second factor off', body: PasswordAgain, response: { 204: Done } } },
    async (request, reply) => {
      const result = await switchSecondFactorOff(context, await asking(request));
      if (result.outcome !== 'done') throw refused(reply, result);
      rotateCookie(context, request, reply, result.session);
      return reply.code(204).send(null);
    },
  );

  server.post<{ Body: PasswordAgain }>(
    '/api/people/me/recovery-codes',
    { schema: { ...about, summary: 'New recovery codes, in place of the old', body: PasswordAgain, response: { 200: RecoveryCodes } } },
    async (request, reply) => {
      const result = await makeRecoveryCodes(context, await asking(request));
      if (result.outcome !== 'done') throw refused(reply, result);
      return { recoveryCodes: [...result.recoveryCodes] };
    },
  );
}

function addSessionRoutes(server: FastifyInstance, context: PeopleContext): void {
  const { ports, sessionRules } = context;

  server.get(
    '/api/people/me/sessions',
    { schema: { ...about, summary: 'Where I am logged in', response: { 200: SessionList } } },
    async (request) => {
      const { account, id } = await requireSession(request);
      const sessions = await ports.state.read((queries) => listSessions(queries, account.id, sessionRules, ports.clock.now()));
      return { sessions: sessions.map((session) => ({ ...session, current: session.id === id })) };
    },
  );

  server.delete(
    '/api/people/me/sessions',
    { schema: { ...about, summary: 'Log out everywhere else', response: { 204: Done } } },
    async (request, reply) => {
      const { account, id } = await requireSession(request);
      await ports.state.write(async (queries) => {
        const ended = await endSessions(queries, account.id, id);
        const event = { personId: account.id, kind: 'session-revoked', address: request.ip, detail: `${ended} others` } as const;
        if (ended > 0) await recordEvent(queries, ports, event);
      });
      return reply.code(204).send(null);
    },
  );

  server.delete<{ Params: OneId }>(
    '/api/people/me/sessions/:id',
    { schema: { ...about, summary: 'Log out there', params: OneId, response: { 204: Done } } },
    async (request, reply) => {
      const { account, id } = await requireSession(request);
      const ended = await ports.state.write(async (queries) => {
        const was = await endSession(queries, account.id, request.params.id);
        if (was) await recordEvent(queries, ports, { personId: account.id, kind: 'session-revoked', address: request.ip });
        return was;
      });
      if (!ended)
        throw refusal<PeopleReasons>(
          'not_found',
          { name: 'no-session', values: {} },
          'There is no such session: GET /api/people/me/sessions lists yours.',
        );
      if (request.params.id === id) clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );
}

function addAccessTokenRoutes(server: FastifyInstance, { ports }: PeopleContext): void {
  server.get(
    '/api/people/me/access-tokens',
    { schema: { ...about, summary: 'My access tokens', response: { 200: AccessTokens } } },
    async (request) => {
      const { account } = await requireSession(request);
      const tokens = await ports.state.read((queries) => listAccessTokens(queries, account.id, ports.clock.now()));
      return { accessTokens: tokens.map((token) => ({ ...token, scopes: [...token.scopes] })) };
    },
  );

  server.post<{ Body: NewAccessToken }>(
    '/api/people/me/access-tokens',
    {
      schema: { ...about, summary: 'Make an access token for a program', body: NewAccessToken, response: { 201: MadeAccessToken } },
    },
    async (request, reply) => {
      const { account } = await requireSession(request);
      const { scopes, days } = request.body;
      const name = nameIn(request.body);
      if (scopes.some((scope) => adminScopes.includes(scope)) && account.role !== 'admin')
        throw refusal<PeopleReasons>(
          'forbidden',
          { name: 'admin-scope', values: {} },
          'Only an admin may make a token with the scope admin or trades.',
        );
      const made = await ports.state.write(async (queries) => {
        const now = ports.clock.now();
        const token = await addAccessToken(queries, ports.random, { personId: account.id, name, scopes, now, endsAt: now + days * dayMs });
        const event = { personId: account.id, kind: 'access-token-made', address: request.ip, detail: name } as const;
        if (token) await recordEvent(queries, ports, event);
        return token;
      });
      if (made === undefined)
        throw refusal<PeopleReasons>(
          'conflict',
          { name: 'access-tokens-full', values: { most: maxAccessTokens } },
          `There are ${maxAccessTokens} access tokens already: revoke one that is not needed any more.`,
        );
      return reply.code(201).send(made);
    },
  );

  server.delete<{ Params: OneId }>(
    '/api/people/me/access-tokens/:id',
    { schema: { ...about, summary: 'Revoke an access token', params: OneId, response: { 204: Done } } },
    async (request, reply) => {
      const { account } = await requireSession(request);
      const ended = await ports.state.write(async (queries) => {
        const name = await endAccessToken(queries, account.id, request.params.id);
        const event = { personId: account.id, kind: 'access-token-revoked', address: request.ip, detail: name ?? '' } as const;
        if (name !== undefined) await recordEvent(queries, ports, event);
        return name !== undefined;
      });
      if (!ended)
        throw refusal<PeopleReasons>(
          'not_found',
          { name: 'no-access-token', values: {} },
          'There is no such access token: GET /api/people/me/access-tokens lists yours.',
        );
      return reply.code(204).send(null);
    },
  );
}

async function asking(request: FastifyRequest<{ Body: PasswordAgain }>): Promise<Asking> {
  return { identity: await requireSession(request), password: request.body.password, from: whereaboutsOf(request) };
}

function rotateCookie({ sessionRules }: PeopleContext, request: FastifyRequest, reply: FastifyReply, session: OpenedSession): void {
  setSessionCookie(request, reply, session.secret, sessionRules.longestMs);
}
