/** Routes for strangers: opening an account, logging in and out, a forgotten password, and the keys that verify our tokens. */
import type { FastifyRequest } from 'fastify';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { clearSessionCookie, identityOf, inDemo, sessionSecretOf } from '#http/sessions.ts';
import { peopleRefusals } from '../refusals.ts';
import { ownAccount, secondFactorWanted } from '../store/accounts/own-account.ts';
import type { PeopleContext } from '../store/context.ts';
import { askForLetter, openAccount, resetPassword, shownLetters } from '../store/entrance/by-mail.ts';
import { logIn, logOut } from '../store/entrance/login.ts';
import { publishedKeys } from '../store/sessions/signing-keys.ts';
import * as contracts from './contracts.ts';
import { emailIn, nameIn, rememberDevice, setCookie, whereaboutsOf } from './requests.ts';

export interface EntranceOptions {
  readonly context: PeopleContext;
  /** What links in letters begin with; undefined where they can have none. */
  originFor(request: FastifyRequest): string | undefined;
}

const maxShownLetters = 50;

export function entranceRoutes({ context, originFor }: EntranceOptions): readonly Route[] {
  return [
    route(contracts.signUp, async ({ body, request }) => {
      const letter = { asked: 'sign-up', email: emailIn(body), name: nameIn(body) } as const;
      await askForLetter(context, { ...letter, origin: originFor(request), from: whereaboutsOf(request) });
      return { message: 'A letter is on its way to this address: its link opens the account.' };
    }),
    route(contracts.confirmSignUp, async (input) => {
      const { account, session } = await openAccount(context, { ...input.body, from: whereaboutsOf(input.request) });
      setCookie(input, session);
      rememberDevice(context, input, account.email);
      return account;
    }),
    route(contracts.login, async (input) => {
      const { request, body } = input;
      const { password, code } = body;
      const previous = sessionSecretOf(request);
      const opened = await logIn(context, { email: emailIn(body), password, code, from: whereaboutsOf(request), previous });
      if (opened === undefined) return { state: 'second-factor', account: null, secondFactorWanted: 'no' };
      const { account, session } = opened;
      setCookie(input, session);
      rememberDevice(context, input, account.email);
      const wanted = await context.ports.state.read((queries) => secondFactorWanted(context, queries, account));
      return { state: 'logged-in', account, secondFactorWanted: wanted };
    }),
    route(contracts.logout, async ({ request, reply }) => {
      const identity = await identityOf(request);
      if (identity?.kind === 'session') await logOut(context, identity, request.ip);
      clearSessionCookie(request, reply);
    }),
    route(contracts.forgottenPassword, async ({ body, request }) => {
      const email = emailIn(body);
      const letter = { asked: 'reset', email, name: (email.split('@')[0] ?? email).slice(0, 64) } as const;
      await askForLetter(context, { ...letter, origin: originFor(request), from: whereaboutsOf(request) });
      return { message: 'A letter is on its way to this address: its link sets a new password.' };
    }),
    route(contracts.resetPassword, async (input) => {
      const email = await resetPassword(context, { ...input.body, from: whereaboutsOf(input.request) });
      // Its reader is not held up by strangers from now on either.
      rememberDevice(context, input, email);
    }),
    route(contracts.me, async ({ request }) => ({
      ...(await ownAccount(context, await identityOf(request))),
      demo: inDemo(request),
    })),
    route(contracts.keySet, async () => ({ keys: await publishedKeys(context) })),
    route(contracts.letters, async ({ request }) => {
      if (!inDemo(request)) throw refuse(peopleRefusals, 'letters-by-mail');
      return { letters: await shownLetters(context, maxShownLetters) };
    }),
  ];
}
