/** What the routes of people take and answer: checked, documented, and the types of the browser app. */
import { type Static, Type } from 'typebox';
import { roles, scopes } from '#core/account.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { eventKinds } from '../domain/events.ts';
import { maxAccessTokens, maxPasswordLength, minPasswordLength } from '../domain/limits.ts';

const closed = { additionalProperties: false } as const;
const listPage = pageQuery({ defaultLimit: 50, maxLimit: 200 });
const time = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
const Id = Type.String({ pattern: '^[0-9a-f]{32}$' });
const Email = Type.String({ minLength: 3, maxLength: 254, description: 'An e-mail address; upper and lower case are the same' });
const Name = Type.String({ minLength: 1, maxLength: 80, description: 'What others see; on one line' });
const Password = Type.String({ minLength: 1, maxLength: 1_000, description: 'The present password' });
const NewPassword = Type.String({
  minLength: minPasswordLength,
  maxLength: maxPasswordLength,
  description: `Any ${minPasswordLength} to ${maxPasswordLength} characters that are not among the first that anybody would guess`,
});
const LetterToken = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'What comes after the # in the link of the letter' });
const Code = Type.String({
  pattern: '^[0-9A-Za-z][0-9A-Za-z -]{4,38}$',
  description: 'Six digits from the authenticator, or a recovery code; each works once',
});

export const AccountView = Type.Object(
  { id: Id, email: Type.String(), name: Type.String(), role: Type.Enum([...roles]) },
  { $id: 'Account' },
);

export const SignUp = Type.Object({ email: Email, name: Name }, closed);

export const SignUpConfirm = Type.Object({ token: LetterToken, password: NewPassword }, closed);

export const LetterPosted = Type.Object({ message: Type.String({ description: 'The same for every address' }) }, { $id: 'LetterPosted' });

export const Login = Type.Object({ email: Email, password: Password, code: Type.Optional(Code) }, closed);
export type Login = Static<typeof Login>;

const SecondFactorWanted = Type.Enum(['no', 'asked', 'needed'], {
  description: '`asked`: admins should have a second factor; `needed`: until then they may do no more than a member',
});

export const LoggedIn = Type.Object(
  {
    state: Type.Enum(['logged-in', 'second-factor'], {
      description: '`second-factor`: the password is right; send the same again with `code`',
    }),
    account: Type.Union([AccountView, Type.Null()], { description: 'Null until logged in' }),
    secondFactorWanted: SecondFactorWanted,
  },
  { $id: 'LoggedIn' },
);
export type LoggedIn = Static<typeof LoggedIn>;

export const ForgottenPassword = Type.Object({ email: Email }, closed);

export const Me = Type.Object(
  {
    account: Type.Union([AccountView, Type.Null()], { description: 'Null for a stranger' }),
    secondFactor: Type.Boolean({ description: 'Whether logging in takes a code' }),
    secondFactorWanted: SecondFactorWanted,
    recoveryCodesLeft: Type.Integer(),
    demo: Type.Boolean({ description: 'Whether the house is a demonstration: GET /api/people/letters shows the letters it would send' }),
  },
  { $id: 'Me' },
);
export type Me = Static<typeof Me>;

export const MyName = Type.Object({ name: Name }, closed);

export const PasswordChange = Type.Object(
  {
    password: Password,
    newPassword: NewPassword,
    keepAccessTokens: Type.Array(Id, {
      default: [],
      maxItems: maxAccessTokens,
      uniqueItems: true,
      description: 'The access tokens that go on; all others end, those of miners too',
    }),
  },
  closed,
);

export const EmailChange = Type.Object({ email: Email, password: Password }, closed);

export const EmailConfirm = Type.Object({ token: LetterToken }, closed);

export const PasswordAgain = Type.Object({ password: Password }, closed);

export const SecondFactorOffer = Type.Object(
  {
    otpauthUrl: Type.String({ description: 'For an authenticator on this device; holds the secret' }),
    qrImage: Type.String({ description: 'The same as a QR code: an SVG as a data URL, for the src of an image' }),
  },
  { $id: 'SecondFactorOffer' },
);
export type SecondFactorOffer = Static<typeof SecondFactorOffer>;

export const SecondFactorConfirm = Type.Object({ code: Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits' }) }, closed);

export const RecoveryCodes = Type.Object(
  { recoveryCodes: Type.Array(Type.String(), { description: 'Shown this once; each logs in once in place of a code' }) },
  { $id: 'RecoveryCodes' },
);

export const SessionList = Type.Object(
  {
    sessions: Type.Array(
      Type.Object({
        id: Id,
        current: Type.Boolean({ description: 'The one that asks' }),
        address: Type.String(),
        agent: Type.String({ description: 'What the browser says it is' }),
        createdAt: time('Begun'),
        seenAt: time('Last used, within a minute'),
        endsAt: time('Over at the latest'),
      }),
    ),
  },
  { $id: 'Sessions' },
);

const tokenFields = {
  id: Id,
  name: Type.String(),
  scopes: Type.Array(Type.Enum([...scopes])),
  createdAt: time('Made'),
  endsAt: time('Over'),
  usedAt: Type.Union([Type.Integer(), Type.Null()], { description: 'Last used, within a minute; null if never' }),
};

export const AccessTokens = Type.Object({ accessTokens: Type.Array(Type.Object(tokenFields)) }, { $id: 'AccessTokens' });

export const NewAccessToken = Type.Object(
  {
    name: Name,
    scopes: Type.Array(Type.Enum([...scopes]), {
      minItems: 1,
      uniqueItems: true,
      description:
        '`read` looks, `write` changes, `admin` also does what only an admin may; `trades` puts trades on the tape, and nothing else. Only an admin may make tokens with the last two',
    }),
    days: Type.Integer({ minimum: 1, maximum: 366, default: 90, description: 'How long it works' }),
  },
  { ...closed, description: `At most ${maxAccessTokens} for an account` },
);
export type NewAccessToken = Static<typeof NewAccessToken>;

export const MadeAccessToken = Type.Object(
  { ...tokenFields, token: Type.String({ description: 'Shown this once: send it as Authorization: Bearer …' }) },
  { $id: 'MadeAccessToken' },
);
export type MadeAccessToken = Static<typeof MadeAccessToken>;

export const OneId = Type.Object({ id: Id });

export const EventsQuery = Type.Object(listPage, closed);

export const AllEventsQuery = Type.Object({ ...listPage, account: Type.Optional(Id) }, closed);

const securityEvent = {
  id: Id,
  at: time('When'),
  accountId: Type.Union([Id, Type.Null()], { description: 'Null where no account is concerned' }),
  kind: Type.Enum([...eventKinds]),
  address: Type.String({ description: 'The network address it came from' }),
  detail: Type.String(),
};

export const SecurityEvents = Type.Object(
  { events: Type.Array(Type.Object(securityEvent), { description: 'Newest first' }), next: Next },
  { $id: 'SecurityEvents' },
);

const NamedEvent = Type.Object({
  ...securityEvent,
  accountName: Type.Union([Type.String(), Type.Null()], { description: 'Null where no account is concerned, or it is gone' }),
});
export type NamedEvent = Static<typeof NamedEvent>;

export const NamedEvents = Type.Object(
  { events: Type.Array(NamedEvent, { description: 'Newest first' }), next: Next },
  { $id: 'NamedEvents' },
);

export const TokenRequest = Type.Object(
  {
    audience: Type.String({
      pattern: '^[!-~]{1,200}$',
      default: 'kontor',
      description: 'Who is to accept it: the name that the verifying service knows itself by',
    }),
  },
  closed,
);

export const Token = Type.Object(
  { token: Type.String({ description: 'A JWT; its claims are the account (`sub`) and its `role`' }), endsAt: time('Over') },
  { $id: 'SignedToken' },
);

export const KeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.String(),
        crv: Type.String(),
        x: Type.String(),
        kid: Type.String(),
        alg: Type.String(),
        use: Type.String(),
      }),
    ),
  },
  { $id: 'KeySet', description: 'RFC 7517' },
);

export const AccountsQuery = Type.Object(
  {
    ...listPage,
    search: Type.Optional(
      Type.String({ pattern: '^\\P{Cc}{1,100}$', description: 'What the address, the name or the last name begins with' }),
    ),
  },
  closed,
);

export const AccountForAdmin = Type.Object(
  {
    ...AccountView.properties,
    locked: Type.Boolean(),
    closed: Type.Boolean({ description: 'By its owner, for good' }),
    createdAt: time('Opened'),
  },
  { $id: 'AccountForAdmin' },
);
export type AccountForAdmin = Static<typeof AccountForAdmin>;

export const Accounts = Type.Object(
  {
    accounts: Type.Array(AccountForAdmin),
    next: Next,
    cut: Type.Boolean({ description: 'Whether a search found more than it lists: a longer text finds fewer' }),
  },
  { $id: 'Accounts' },
);

export const AccountChange = Type.Object(
  { role: Type.Optional(Type.Enum([...roles])), locked: Type.Optional(Type.Boolean()) },
  { ...closed, minProperties: 1 },
);
export type AccountChange = Static<typeof AccountChange>;

export const Letters = Type.Object(
  {
    letters: Type.Array(Type.Object({ id: Id, postedAt: time('Posted'), to: Type.String(), subject: Type.String(), text: Type.String() }), {
      description: 'Newest first',
    }),
  },
  { $id: 'Letters' },
);
export type Letters = Static<typeof Letters>;
