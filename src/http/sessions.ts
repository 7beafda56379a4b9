/** Who asks: the account behind a request, and what it may do. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account, Credentials, Identify, Identity } from '#core/account.ts';
import { KontorError } from '#core/errors.ts';
import { cookieIn, setCookie } from './cookies.ts';
import { isFromThisMachine } from './local-requests.ts';

export interface SessionOptions {
  readonly identify: Identify;
  /** Whether visitors may do what otherwise needs an admin: see DEMO. */
  readonly demo: boolean;
  /** Whether it is a demonstration only for requests made at this machine: see local-requests.ts. */
  readonly demoOnlyLocal?: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly sessionOptions: SessionOptions;
  }
}

const sessionCookie = 'kontor_session';

/** The ways to authenticate, for the API's documentation. */
export const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'Set by POST /api/people/login' },
  accessToken: { type: 'http', scheme: 'bearer', description: 'A personal access token, such as kontor_pat_…' },
} as const;

export const noAccounts: SessionOptions = { identify: async () => undefined, demo: false };

/** Each request is identified once, however often that is asked for. */
const identities = new WeakMap<FastifyRequest, Promise<Identity | undefined>>();

export function addSessions(server: FastifyInstance, options: SessionOptions = noAccounts): void {
  server.decorate('sessionOptions', options);
}

/** The account that sends the request, or undefined for a stranger. A token without the needed scope is refused. */
export async function accountOf(request: FastifyRequest): Promise<Account | undefined> {
  return (await identityOf(request))?.account;
}

export async function requireAccount(request: FastifyRequest): Promise<Account> {
  const account = await accountOf(request);
  if (account === undefined) throw new KontorError('unauthenticated', loginAdvice);
  return account;
}

export async function requireAdmin(request: FastifyRequest): Promise<Account> {
  const identity = await requireIdentity(request);
  if (identity.account.role !== 'admin') throw new KontorError('forbidden', 'Only an admin may do this.');
  if (!identity.scopes.includes('admin')) throw identity.kind === 'session' ? secondFactorNeeded() : missingScope('admin');
  return identity.account;
}

/** For taking in trades: an operator says which programs may, and each of them can do nothing else. */
export async function requireTrades(request: FastifyRequest): Promise<void> {
  const identity = await foundIdentity(request);
  if (identity === undefined) throw new KontorError('unauthenticated', loginAdvice);
  if (identity.account.role === 'admin' && identity.scopes.includes('trades')) return;
  throw new KontorError(
    'forbidden',
    'Trades are taken in from access tokens with the scope trades, which only an admin can make, and from sessions of admins.',
  );
}

/** For what visitors may play with in a demonstration, and only admins elsewhere. */
export async function requireAdminUnlessDemo(request: FastifyRequest): Promise<void> {
  if (!inDemo(request)) await requireAdmin(request);
}

/** Whether the house is a demonstration for this request. */
export function inDemo(request: FastifyRequest): boolean {
  const { demo, demoOnlyLocal = false } = request.server.sessionOptions;
  return demo && !(demoOnlyLocal && !isFromThisMachine(request.raw));
}

/** For what no access token may do, such as change passwords and make tokens. */
export async function requireSession(request: FastifyRequest): Promise<Identity> {
  const identity = await requireIdentity(request);
  if (identity.kind !== 'session') throw new KontorError('forbidden', 'An access token may not do this: log in with your password.');
  return identity;
}

export async function identityOf(request: FastifyRequest): Promise<Identity | undefined> {
  const identity = await foundIdentity(request);
  const needed = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write';
  if (identity !== undefined && !identity.scopes.includes(needed)) throw missingScope(needed);
  return identity;
}

/** Whatever its scopes. */
function foundIdentity(request: FastifyRequest): Promise<Identity | undefined> {
  const asked = identities.get(request) ?? identify(request);
  identities.set(request, asked);
  return asked;
}

/** For answers that go on for long: whether the sender's session or token has not ended in between. */
export async function isStillKnown(request: FastifyRequest): Promise<boolean> {
  return (await identify(request)) !== undefined;
}

async function requireIdentity(request: FastifyRequest): Promise<Identity> {
  const identity = await identityOf(request);
  if (identity === undefined) throw new KontorError('unauthenticated', loginAdvice);
  return identity;
}

async function identify(request: FastifyRequest): Promise<Identity | undefined> {
  const credentials = credentialsIn(request.headers, request.protocol);
  return credentials === undefined ? undefined : request.server.sessionOptions.identify(credentials);
}

const loginAdvice =
  'This needs an account: log in with POST /api/people/login, or send an access token as Authorization: Bearer kontor_pat_….';

function secondFactorNeeded(): KontorError {
  return new KontorError('forbidden', 'Admins need a second factor here: switch it on on the page of your account.');
}

function missingScope(scope: string): KontorError {
  return new KontorError('forbidden', `The access token lacks the scope ${scope}: make a token with this scope.`);
}

/** A token takes precedence over a cookie, which browsers send by themselves. */
export function credentialsIn(headers: IncomingHttpHeaders, protocol: string): Credentials | undefined {
  const [, token] = /^Bearer (kontor_pat_\w{1,200})$/i.exec(headers.authorization ?? '') ?? [];
  if (token !== undefined) return { kind: 'access-token', secret: token };
  const session = cookieIn(headers.cookie, protocol, sessionCookie);
  return session === undefined ? undefined : { kind: 'session', secret: session };
}

/** The secret in the request's cookie, valid or not. */
export function sessionSecretOf({ headers, protocol }: FastifyRequest): string | undefined {
  return cookieIn(headers.cookie, protocol, sessionCookie);
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string, maxAgeMs: number): void {
  setCookie(request, reply, sessionCookie, secret, maxAgeMs);
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, sessionCookie, '', 0);
}
