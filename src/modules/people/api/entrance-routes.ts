/** Routes for strangers: opening an account, logging in and out, a forgotten password, and the keys that verify our tokens. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type KontorError, refusal } from '#core/errors.ts';
import { clearSessionCookie, identityOf, inDemo, sessionSecretOf, setSessionCookie } from '#http/sessions.ts';
import type { PeopleReasons } from '../domain/reasons.ts';
import type { PeopleContext } from '../store/context.ts';
import { askForLetter, type LetterAsked, openAccount, resetPassword, shownLetters } from '../store/entrance/by-mail.ts';
import { logIn, logOut } from '../store/entrance/login.ts';
import { hasSecondFactor, recoveryCodesLeft } from '../store/entrance/second-factor.ts';
import { publishedForMs, publishedKeys } from '../store/sessions/signing-keys.ts';
import { badField, emailIn, nameIn, tooOften, whereaboutsOf } from './refusals.ts';
import {
  AccountView,
  ForgottenPassword,
  KeySet,
  LetterPosted,
  Letters,
  LoggedIn,
  Login,
  Me,
  PasswordReset,
  SignUp,
  SignUpConfirm,
} from './schemas.ts';

export interface EntranceOptions {
  readonly context: PeopleContext;
  /** What links in letters begin with. */
  originFor(request: FastifyRequest): string;
}

const tags = ['people'];
const Done = Type.Null({ description: 'Done' });
const maxShownLetters = 50;
const posted = {
  'sign-up': 'A letter is on its way to this address: its link opens the account.',
  reset: 'A letter is on its way to this address: its link sets a new password.',
} as const;

export function addEntranceRoutes(server: FastifyInstance, { context, originFor }: EntranceOptions): void {
  const { state } = context.ports;

  async function post(request: FastifyRequest, reply: FastifyReply, letter: Omit<LetterAsked, 'origin' | 'from'>) {
    const result = await askForLetter(context, { ...letter, origin: originFor(request), from: whereaboutsOf(request) });
    if (result.outcome === 'wait') throw tooOften(reply, result);
    return reply.code(202).send({ message: posted[letter.asked] });
  }

  server.post<{ Body: SignUp }>(
    '/api/people/sign-up',
    {
      schema: {
        tags,
        summary: 'Ask for an account',
        description: 'A letter goes to the address, whether or not it has an account; the answer is the same.',
        body: SignUp,
        response: { 202: LetterPosted },
      },
    },
    async (request, reply) => post(request, reply, { asked: 'sign-up', email: emailIn(request.body), name: nameIn(request.body) }),
  );

  server.post<{ Body: SignUpConfirm }>(
    '/api/people/sign-up/confirm',
    { schema: { tags, summary: 'Open the account with a password, and log in', body: SignUpConfirm, response: { 201: AccountView } } },
    async (request, reply) => {
      const result = await openAccount(context, { ...request.body, from: whereaboutsOf(request) });
      if (result.outcome === 'worthless') throw worthless('POST /api/people/sign-up');
      if (result.outcome === 'weak-password') throw badField('password', result.fault);
      setSessionCookie(request, reply, result.session.secret, context.sessionRules.longestMs);
      return reply.code(201).send(result.account);
    },
  );

  server.post<{ Body: Login }>(
    '/api/people/login',
    { schema: { tags, summary: 'Log in: sets the session cookie', body: Login, response: { 200: LoggedIn } } },
    async (request, reply): Promise<LoggedIn> => {
      const { password, code } = request.body;
      const previous = sessionSecretOf(request);
      const result = await logIn(context, { email: emailIn(request.body), password, code, from: whereaboutsOf(request), previous });
      switch (result.outcome) {
        case 'wait':
          throw tooOften(reply, result);
        case 'refused':
          throw refusal<PeopleReasons>(
            'unauthenticated',
            { name: 'wrong-login', values: {} },
            'The address, the password or the code is not right.',
          );
        case 'locked':
          throw refusal<PeopleReasons>('forbidden', { name: 'account-locked', values: {} }, 'An admin has locked this account.');
        case 'second-factor':
          return { state: 'second-factor', account: null };
        case 'logged-in':
          setSessionCookie(request, reply, result.session.secret, context.sessionRules.longestMs);
          return { state: 'logged-in', account: result.account };
      }
    },
  );

  server.post(
    '/api/people/logout',
    { schema: { tags, summary: 'Log out: ends the session', response: { 204: Done } } },
    async (request, reply) => {
      const identity = await identityOf(request);
      if (identity?.kind === 'session') await logOut(context, identity, request.ip);
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );

  server.post<{ Body: ForgottenPassword }>(
    '/api/people/password/forgotten',
    {
      schema: {
        tags,
        summary: 'Ask for a new password',
        description: 'A letter goes to the address, whether or not it has an account; the answer is the same.',
        body: ForgottenPassword,
        response: { 202: LetterPosted },
      },
    },
    async (request, reply) => {
      const email = emailIn(request.body);
      return post(request, reply, { asked: 'reset', email, name: (email.split('@')[0] ?? email).slice(0, 64) });
    },
  );

  server.post<{ Body: PasswordReset }>(
    '/api/people/password/reset',
    {
      schema: {
        tags,
        summary: 'Set a new password with the link of the letter',
        description: 'Ends every session and access token of the account. The second factor stays as it is.',
        body: PasswordReset,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const result = await resetPassword(context, { ...request.body, from: whereaboutsOf(request) });
      if (result.outcome === 'worthless') throw worthless('POST /api/people/password/forgotten');
      if (result.outcome === 'weak-password') throw badField('password', result.fault);
      return reply.code(204).send(null);
    },
  );

  server.get('/api/people/me', { schema: { tags, summary: 'Who I am', response: { 200: Me } } }, async (request): Promise<Me> => {
    const account = (await identityOf(request))?.account;
    const demo = inDemo(request);
    if (account === undefined) return { account: null, secondFactor: false, recoveryCodesLeft: 0, demo };
    return state.read(async (queries) => ({
      account,
      secondFactor: await hasSecondFactor(queries, account.id),
      recoveryCodesLeft: await recoveryCodesLeft(queries, account.id),
      demo,
    }));
  });

  server.get(
    '/.well-known/jwks.json',
    { schema: { tags, summary: 'Public keys that verify our signed tokens', response: { 200: KeySet } } },
    async (_request, reply) => {
      reply.header('cache-control', `public, max-age=${publishedForMs / 1_000}`);
      return { keys: await publishedKeys(context.ports) };
    },
  );

  server.get(
    '/api/people/letters',
    {
      schema: {
        tags,
        summary: 'In a demonstration: the letters that the house would send',
        description: 'Without those to admins.',
        response: { 200: Letters },
      },
    },
    async (request) => {
      if (!inDemo(request)) {
        const message = 'Only a demonstration shows its letters; elsewhere they go by mail.';
        throw refusal<PeopleReasons>('not_found', { name: 'letters-by-mail', values: {} }, message);
      }
      return { letters: [...(await shownLetters(context, maxShownLetters))] };
    },
  );
}

function worthless(askAgain: string): KontorError {
  return badField('token', {
    reason: { name: 'letter-worthless', values: {} },
    says: `is used up or too old: ask for another letter with ${askAgain}`,
  });
}
