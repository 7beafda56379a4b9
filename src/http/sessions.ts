/** Who asks: the account behind a request, and what it may do. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account, Credentials, Identify, Identity } from '#core/account.ts';
import { KontorError } from '#core/errors.ts';

export interface SessionOptions {
  readonly identify: Identify;
  /** Whether visitors may do what otherwise needs an admin: see DEMO. */
  readonly demo: boolean;
  /** Whether it is a demonstration only for requests of this machine, and not for those that a proxy hands on. */
  readonly demoOnlyLocal?: boolean;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly sessionOptions: SessionOptions;
  }
}

/** The ways to authenticate, for the API's documentation. */
export const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'kontor_session', description: 'Set by POST /api/people/login' },
  accessToken: { type: 'http', scheme: 'bearer', description: 'A personal access token, such as kontor_pat_…' },
} as const;

const noAccounts: SessionOptions = { identify: async () => undefined, demo: false };

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
  if (!identity.scopes.includes('admin')) throw missingScope('admin');
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
  return demo && !(demoOnlyLocal && cameThroughProxy(request));
}

/** Behind a proxy that the house was not told of, visitors are not at this machine, although they come from a loopback address. */
function cameThroughProxy({ headers }: FastifyRequest): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'].some(
    (name) => headers[name] !== undefined,
  );
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

async function requireIdentity(request: FastifyRequest): Promise<Identity> {
  const identity = await identityOf(request);
  if (identity === undefined) throw new KontorError('unauthenticated', loginAdvice);
  return identity;
}

async function identify(request: FastifyRequest): Promise<Identity | undefined> {
  const credentials = credentialsOf(request);
  return credentials === undefined ? undefined : request.server.sessionOptions.identify(credentials);
}

const loginAdvice =
  'This needs an account: log in with POST /api/people/login, or send an access token as Authorization: Bearer kontor_pat_….';

function missingScope(scope: string): KontorError {
  return new KontorError('forbidden', `The access token lacks the scope ${scope}: make a token with this scope.`);
}

/** A token takes precedence over a cookie, which browsers send by themselves. */
function credentialsOf(request: FastifyRequest): Credentials | undefined {
  const [, token] = /^Bearer (kontor_pat_\w{1,200})$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) return { kind: 'access-token', secret: token };
  const session = sessionSecretOf(request);
  return session === undefined ? undefined : { kind: 'session', secret: session };
}

/** With this prefix, browsers take the cookie only from this host, and only over TLS. */
function cookieName(request: FastifyRequest): string {
  return request.protocol === 'https' ? '__Host-kontor_session' : 'kontor_session';
}

/** The secret in the request's cookie, valid or not. */
export function sessionSecretOf(request: FastifyRequest): string | undefined {
  const name = `${cookieName(request)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
}

/** Scripts cannot read the cookie, and browsers do not send it when another site posts here. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string, maxAgeMs: number): void {
  reply.header('set-cookie', sessionCookie(request, secret, Math.floor(maxAgeMs / 1_000)));
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', sessionCookie(request, '', 0));
}

function sessionCookie(request: FastifyRequest, value: string, maxAgeSeconds: number): string {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  return `${cookieName(request)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
}
