/** The routes of people: for strangers, for one's own account, and for admins. */
import { contract, empty } from '#http/contract.ts';
import { publishedForMs } from '../domain/limits.ts';
import {
  AccessTokens,
  AccountChange,
  AccountForAdmin,
  Accounts,
  AccountsQuery,
  AccountView,
  AllEventsQuery,
  EmailChange,
  EmailConfirm,
  EventsQuery,
  ForgottenPassword,
  KeySet,
  LetterPosted,
  Letters,
  LoggedIn,
  Login,
  MadeAccessToken,
  Me,
  MyName,
  NamedEvents,
  NewAccessToken,
  OneId,
  PasswordAgain,
  PasswordChange,
  RecoveryCodes,
  SecondFactorConfirm,
  SecondFactorOffer,
  SecurityEvents,
  SessionList,
  SignUp,
  SignUpConfirm,
  Token,
  TokenRequest,
} from './schemas.ts';

const tags = ['people'];
const done = { 204: empty('Done') };
/** Open to all, and yet about one person. */
const stranger = { tags, access: 'anyone', cacheControl: 'no-store' } as const;
const own = { tags, access: 'session' } as const;
const admin = { tags, access: 'admin' } as const;

export const signUp = contract({
  ...stranger,
  method: 'POST',
  path: '/api/people/sign-up',
  summary: 'Ask for an account',
  description: 'A letter goes to the address, whether or not it has an account; the answer is the same.',
  body: SignUp,
  response: { 202: LetterPosted },
});

export const confirmSignUp = contract({
  ...stranger,
  method: 'POST',
  path: '/api/people/sign-up/confirm',
  summary: 'Open the account with a password, and log in',
  body: SignUpConfirm,
  response: { 201: AccountView },
});

export const login = contract({
  ...stranger,
  method: 'POST',
  path: '/api/people/login',
  summary: 'Log in: sets the session cookie',
  body: Login,
  response: { 200: LoggedIn },
});

export const logout = contract({
  ...stranger,
  method: 'POST',
  path: '/api/people/logout',
  summary: 'Log out: ends the session',
  response: done,
});

export const forgottenPassword = contract({
  ...stranger,
  method: 'POST',
  path: '/api/people/password/forgotten',
  summary: 'Ask for a new password',
  description: 'A letter goes to the address, whether or not it has an account; the answer is the same.',
  body: ForgottenPassword,
  response: { 202: LetterPosted },
});

export const resetPassword = contract({
  ...stranger,
  method: 'POST',
  path: '/api/people/password/reset',
  summary: 'Set a new password with the link of the letter',
  description: 'Ends every session and access token of the account. The second factor stays as it is.',
  body: SignUpConfirm,
  response: done,
});

export const me = contract({ ...stranger, method: 'GET', path: '/api/people/me', summary: 'Who I am', response: { 200: Me } });

export const keySet = contract({
  ...stranger,
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Public keys that verify our signed tokens',
  response: { 200: KeySet },
  cacheControl: `public, max-age=${publishedForMs / 1_000}`,
});

export const letters = contract({
  ...stranger,
  method: 'GET',
  path: '/api/people/letters',
  summary: 'In a demonstration: the letters that the house would send',
  description: 'Without those to admins.',
  response: { 200: Letters },
});

export const changeMyName = contract({
  ...own,
  method: 'PATCH',
  path: '/api/people/me',
  summary: 'Change my name',
  body: MyName,
  response: { 200: AccountView },
});

export const myEvents = contract({
  ...own,
  method: 'GET',
  path: '/api/people/me/events',
  summary: 'What happened to my account',
  query: EventsQuery,
  response: { 200: SecurityEvents },
});

export const signedToken = contract({
  tags,
  access: 'account',
  method: 'POST',
  path: '/api/people/token',
  summary: 'A signed token for another service',
  description: 'It lives for 5 minutes; the service verifies it with /.well-known/jwks.json, without asking us.',
  body: TokenRequest,
  response: { 200: Token },
});

export const changeMyPassword = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/password',
  summary: 'Change my password',
  description:
    'Ends my other sessions, the links of letters, and all access tokens that are not in `keepAccessTokens`; this session gets a new cookie.',
  body: PasswordChange,
  response: done,
});

export const changeMyEmail = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/email',
  summary: 'Ask for another address',
  description:
    'A letter with a link goes to the new address, and a notice to the old one. The answer is the same for an address that has an account.',
  body: EmailChange,
  response: { 202: LetterPosted },
});

export const confirmMyEmail = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/email/confirm',
  summary: 'Change my address with the link of the letter',
  description: 'Ends my other sessions; this one gets a new cookie.',
  body: EmailConfirm,
  response: done,
});

export const closeMyAccount = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/close',
  summary: 'Close my account, for ever',
  description:
    'Refused while orders, bookings or errands are under way. Coins that are left go back to the mint. Name, address and everything personal is removed; the books of the house keep its id.',
  body: PasswordAgain,
  response: done,
});

export const beginSecondFactor = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/second-factor',
  summary: 'Begin a second factor',
  body: PasswordAgain,
  response: { 200: SecondFactorOffer },
});

export const confirmSecondFactor = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/second-factor/confirm',
  summary: 'Switch the second factor on with its first code',
  description: 'Ends my other sessions; this one gets a new cookie.',
  body: SecondFactorConfirm,
  response: { 200: RecoveryCodes },
});

export const removeSecondFactor = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/second-factor/remove',
  summary: 'Switch the second factor off',
  body: PasswordAgain,
  response: done,
});

export const newRecoveryCodes = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/recovery-codes',
  summary: 'New recovery codes, in place of the old',
  body: PasswordAgain,
  response: { 200: RecoveryCodes },
});

export const mySessions = contract({
  ...own,
  method: 'GET',
  path: '/api/people/me/sessions',
  summary: 'Where I am logged in',
  response: { 200: SessionList },
});

export const endOtherSessions = contract({
  ...own,
  method: 'DELETE',
  path: '/api/people/me/sessions',
  summary: 'Log out everywhere else',
  response: done,
});

export const endOneSession = contract({
  ...own,
  method: 'DELETE',
  path: '/api/people/me/sessions/:id',
  summary: 'Log out there',
  params: OneId,
  response: done,
});

export const myAccessTokens = contract({
  ...own,
  method: 'GET',
  path: '/api/people/me/access-tokens',
  summary: 'My access tokens',
  response: { 200: AccessTokens },
});

export const newAccessToken = contract({
  ...own,
  method: 'POST',
  path: '/api/people/me/access-tokens',
  summary: 'Make an access token for a program',
  body: NewAccessToken,
  response: { 201: MadeAccessToken },
});

export const endAccessToken = contract({
  ...own,
  method: 'DELETE',
  path: '/api/people/me/access-tokens/:id',
  summary: 'Revoke an access token',
  params: OneId,
  response: done,
});

export const accounts = contract({
  ...admin,
  method: 'GET',
  path: '/api/people/accounts',
  summary: 'All accounts, by address (admins)',
  query: AccountsQuery,
  response: { 200: Accounts },
});

export const changeAccount = contract({
  ...admin,
  method: 'PATCH',
  path: '/api/people/accounts/:id',
  summary: "Change an account's role, lock or unlock it (admins)",
  description: 'Ends its sessions. Not for one’s own account, so that the house keeps an admin.',
  params: OneId,
  body: AccountChange,
  response: { 200: AccountForAdmin },
});

export const allEvents = contract({
  ...admin,
  method: 'GET',
  path: '/api/people/events',
  summary: 'The audit trail (admins)',
  query: AllEventsQuery,
  response: { 200: NamedEvents },
});

export const replaceKeys = contract({
  ...admin,
  method: 'POST',
  path: '/api/people/signing-keys/replace',
  summary: 'Replace the keys that sign tokens (admins)',
  description: 'For when a private key may have leaked: tokens signed so far are refused as soon as their verifiers look again.',
  response: done,
});
