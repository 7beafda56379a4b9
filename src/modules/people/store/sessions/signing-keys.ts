/**
 * Keys for short-lived signed tokens, which other services verify with /.well-known/jwks.json. A key is published before it signs
 * and until its last token has ended: a service that reads the keys every few minutes never meets an unknown one.
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Identity } from '#core/account.ts';
import { placeOf } from '#core/ports/secrets.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { publishedForMs, tokenLifeMs } from '../../domain/limits.ts';
import { peopleRefusals } from '../../refusals.ts';
import { recordEvent } from '../accounts/events.ts';
import type { PeopleContext } from '../context.ts';
import { type PeopleTables, signingSecrets } from '../tables.ts';

type KeyContext = Pick<PeopleContext, 'seal'> & { readonly ports: Pick<PeopleContext['ports'], 'state' | 'clock' | 'random'> };

const rotateMs = 30 * 86_400_000;
/** From publishing to signing, and from the end of the last token to removal: twice `publishedForMs`. */
const leadMs = 2 * publishedForMs;

const tokenIssuer = 'kontor';

interface StoredKey {
  readonly id: string;
  readonly publicJwk: PublicJwk;
  /** Sealed. */
  readonly privateJwk: string;
  readonly createdAt: number;
}

/** RFC 8037. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** Makes the first key, and the next when it is due; removes those whose last token has ended. */
export async function keepSigningKeys(context: KeyContext): Promise<void> {
  const { ports } = context;
  const now = ports.clock.now();
  const keys = await ports.state.read(storedKeys);
  if ((keys[0]?.createdAt ?? 0) > now - rotateMs && obsolete(keys, now).length === 0) return;
  const fresh = await newKey(context);
  await ports.state.write(async (queries) => {
    const present = await storedKeys(queries);
    if ((present[0]?.createdAt ?? 0) <= now - rotateMs) await addKey(queries, ports, fresh);
    for (const { id } of obsolete(present, now)) await removeKey(queries, id);
  });
}

/** For when a private key may have leaked: other services refuse all tokens signed so far once they read the keys again. */
export async function replaceSigningKeys(context: KeyContext): Promise<void> {
  const { ports } = context;
  const fresh = await newKey(context);
  await ports.state.write(async (queries) => {
    for (const { id } of await storedKeys(queries)) await removeKey(queries, id);
    await addKey(queries, ports, fresh);
  });
}

/** RFC 7517: the public halves. */
export async function publishedKeys({ ports }: Pick<KeyContext, 'ports'>): Promise<readonly PublicJwk[]> {
  return (await ports.state.read(storedKeys)).map(({ publicJwk }) => publicJwk);
}

export interface SignedToken {
  readonly token: string;
  readonly endsAt: number;
}

/** Tells the account, and what its bearer may do: no more than the session or token that asked for it. */
export async function signToken({ ports, seal }: KeyContext, { account, scopes }: Identity, audience: string): Promise<SignedToken> {
  const now = ports.clock.now();
  const keys = await ports.state.read(storedKeys);
  const key = keys.find(({ createdAt }) => createdAt <= now - leadMs) ?? keys.at(-1);
  if (key === undefined) throw refuse(peopleRefusals, 'no-signing-key');
  const { SignJWT, importJWK } = await import('jose');
  const endsAt = now + tokenLifeMs;
  const token = await new SignJWT({ role: scopes.includes('admin') ? account.role : 'member', scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.id, typ: 'JWT' })
    .setIssuer(tokenIssuer)
    .setAudience(audience)
    .setSubject(account.id)
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor(endsAt / 1_000))
    .sign(await importJWK(JSON.parse(seal.open(placeOf(signingSecrets, key.id), key.privateJwk)), 'EdDSA'));
  return { token, endsAt };
}

async function newKey({ ports: { random, clock }, seal }: KeyContext): Promise<StoredKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const id = random.id();
  return {
    id,
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x, kid: id, alg: 'EdDSA', use: 'sig' },
    privateJwk: seal.seal(placeOf(signingSecrets, id), JSON.stringify(privateKey.export({ format: 'jwk' }))),
    createdAt: clock.now(),
  };
}

/** Newest first. */
async function storedKeys(queries: Queries): Promise<readonly StoredKey[]> {
  const rows = await queries
    .withTables<PeopleTables>()
    .selectFrom('signing_key')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(20)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    publicJwk: JSON.parse(row.public_jwk),
    privateJwk: row.private_jwk,
    createdAt: row.created_at,
  }));
}

async function addKey(queries: Queries, ports: KeyContext['ports'], { id, publicJwk, privateJwk, createdAt }: StoredKey): Promise<void> {
  await queries
    .withTables<PeopleTables>()
    .insertInto('signing_key')
    .values({ id, public_jwk: JSON.stringify(publicJwk), private_jwk: privateJwk, created_at: createdAt })
    .execute();
  await recordEvent(queries, ports, { personId: null, kind: 'signing-key-made', address: 'kontor', detail: id });
}

async function removeKey(queries: Queries, id: string): Promise<void> {
  await queries.withTables<PeopleTables>().deleteFrom('signing_key').where('id', '=', id).execute();
}

/** A newer key has signed for so long that the last token of these has ended. */
function obsolete(keys: readonly StoredKey[], now: number): readonly StoredKey[] {
  return keys.slice(1).filter((_key, index) => (keys[index]?.createdAt ?? now) <= now - 2 * leadMs - tokenLifeMs);
}
