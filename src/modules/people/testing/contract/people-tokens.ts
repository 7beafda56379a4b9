/** Access tokens for programs, and signed tokens that others verify without asking us. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { seededRandom } from '#core/seeded-random.ts';
import { testSecrets } from '#testkit/seal.ts';
import { publishedForMs, tokenLifeMs } from '../../domain/limits.ts';
import { keepSigningKeys } from '../../store/sessions/signing-keys.ts';
import type { PeopleHouse, Visitor } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const dayMs = 86_400_000;

export function accessTokenPromises(open: OpenHouse): void {
  async function programOf(house: PeopleHouse, owner: Visitor, scopes: readonly string[]) {
    const made = await owner.post('/api/people/me/access-tokens', { name: 'laptop', scopes, days: 1 });
    assert.equal(made.status, 201, made.text);
    const program = house.visitor();
    program.headers = { authorization: `Bearer ${made.json().token}` };
    return { program, id: made.json().id as string };
  }

  describe('an access token', () => {
    it('stands for its owner, within its scopes', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const reader = (await programOf(house, ada, ['read'])).program;
      assert.equal((await reader.whoAmI())?.email, 'ada@example.org');
      assert.match((await reader.post('/api/people/token', {})).json().detail, /lacks the scope write/);
      const writer = (await programOf(house, ada, ['read', 'write'])).program;
      assert.equal((await writer.post('/api/people/token', {})).status, 200);
    });

    it('cannot touch the account itself, nor make further tokens', async (t) => {
      const house = await open(t);
      const admin = await house.admin();
      const { program } = await programOf(house, admin, ['read', 'write', 'admin']);
      for (const [method, path, body] of [
        ['POST', '/api/people/me/access-tokens', { name: 'more', scopes: ['read'] }],
        ['POST', '/api/people/me/password', { password: 'x', newPassword: 'my new password' }],
        ['POST', '/api/people/me/second-factor', { password: 'x' }],
        ['GET', '/api/people/me/sessions', undefined],
      ] as const)
        assert.equal((await program.send(method, path, body)).status, 403, path);
    });

    it('does what an admin does only with that scope, and only an admin makes one with it', async (t) => {
      const house = await open(t);
      const admin = await house.admin();
      const without = (await programOf(house, admin, ['read', 'write'])).program;
      const withScope = (await programOf(house, admin, ['read', 'admin'])).program;
      assert.equal((await without.get('/api/people/accounts')).status, 403);
      assert.equal((await withScope.get('/api/people/accounts')).status, 200);
      const ada = await house.member('ada@example.org');
      assert.equal((await ada.post('/api/people/me/access-tokens', { name: 'x', scopes: ['admin'] })).status, 403);
    });

    it('is listed with its last use, and ends when revoked or too old', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const [first, second] = [await programOf(house, ada, ['read']), await programOf(house, ada, ['read'])];
      house.later(5_000);
      await first.program.whoAmI();
      const tokens = (await ada.get('/api/people/me/access-tokens')).json().accessTokens;
      const used = Object.fromEntries(tokens.map(({ id, usedAt }: { id: string; usedAt: number | null }) => [id, usedAt]));
      assert.deepEqual([used[first.id], used[second.id]], [house.clock.now(), null]);
      assert.doesNotMatch(JSON.stringify(tokens), /kontor_pat_/);
      const bob = await house.member('bob@example.org');
      assert.equal((await bob.send('DELETE', `/api/people/me/access-tokens/${first.id}`)).status, 404, 'of another account');
      assert.equal((await ada.send('DELETE', `/api/people/me/access-tokens/${first.id}`)).status, 204);
      assert.equal(await first.program.whoAmI(), null);
      assert.notEqual(await second.program.whoAmI(), null);
      house.later(dayMs);
      assert.equal(await second.program.whoAmI(), null);
    });

    it('is one of a bounded number', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      for (let made = 0; made < 50; made++) await programOf(house, ada, ['read']);
      assert.equal((await ada.post('/api/people/me/access-tokens', { name: 'x', scopes: ['read'] })).status, 409);
    });
  });
}

export function signedTokenPromises(open: OpenHouse): void {
  /** What another service does: knows our address, and nothing else of us. */
  function verifier(house: PeopleHouse) {
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${house.server.port}/.well-known/jwks.json`), { cooldownDuration: 0 });
    return (token: string, audience = 'errands-desk') =>
      jwtVerify(token, keys, { issuer: 'kontor', audience, algorithms: ['EdDSA'], currentDate: new Date(house.clock.now()) });
  }

  async function tokenOf(owner: Visitor): Promise<string> {
    const answer = await owner.post('/api/people/token', { audience: 'errands-desk' });
    assert.equal(answer.status, 200, answer.text);
    return answer.json().token;
  }

  const publishedBy = async (house: PeopleHouse) => (await house.visitor().get('/.well-known/jwks.json')).json().keys;
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  const keep = async ({ state, clock }: PeopleHouse) =>
    keepSigningKeys({ ports: { state, clock, random: seededRandom(99) }, seal: await testSecrets().unlock() });

  describe('a signed token', () => {
    it('is verified by others with the published keys, and says no more than who, which role and which scopes', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const token = await tokenOf(ada);
      const verify = verifier(house);
      const { payload } = await verify(token);
      assert.deepEqual(Object.keys(payload).sort(), ['aud', 'exp', 'iat', 'iss', 'role', 'scope', 'sub']);
      assert.deepEqual([payload.sub, payload.role, payload.scope], [(await ada.whoAmI())?.id, 'member', 'read write']);
      await assert.rejects(verify(token, 'another service'), /aud/);
      await assert.rejects(verify(`${token.slice(0, -4)}AAAA`), /signature/);
    });

    it('lives for minutes', async (t) => {
      const house = await open(t);
      const token = await tokenOf(await house.member('ada@example.org'));
      house.later(tokenLifeMs);
      await assert.rejects(verifier(house)(token), /exp/);
    });

    it('opens none of our own routes, and strangers get none', async (t) => {
      const house = await open(t);
      const program = house.visitor();
      program.headers = { authorization: `Bearer ${await tokenOf(await house.member('ada@example.org'))}` };
      assert.equal(await program.whoAmI(), null);
      assert.equal((await house.visitor().post('/api/people/token', {})).status, 401);
    });

    it('has its key published long before the first and after the last token it signs', async (t) => {
      const house = await open(t);
      const [oldKey] = await publishedBy(house);
      assert.deepEqual(Object.keys(oldKey).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'], 'no private part');
      house.later(30 * dayMs);
      await keep(house);
      assert.equal((await publishedBy(house)).length, 2);
      const admin = await house.admin();
      const verify = verifier(house);
      const signedByOld = await tokenOf(admin);
      assert.equal(kidOf(signedByOld), oldKey.kid, 'the new key is only published at first');
      house.later(2 * publishedForMs);
      const signedByNew = await tokenOf(admin);
      assert.notEqual(kidOf(signedByNew), oldKey.kid);
      await verify(signedByNew);
      await keep(house);
      assert.equal((await publishedBy(house)).length, 2, 'the last token of the old key may still be on its way');
      house.later(2 * publishedForMs + tokenLifeMs);
      await keep(house);
      assert.deepEqual(
        (await publishedBy(house)).map(({ kid }: { kid: string }) => kid),
        [kidOf(signedByNew)],
      );
    });

    it('is refused once an admin has replaced the keys', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const before = await tokenOf(ada);
      assert.equal((await ada.post('/api/people/signing-keys/replace')).status, 403);
      assert.equal((await (await house.admin()).post('/api/people/signing-keys/replace')).status, 204);
      await assert.rejects(verifier(house)(before), /no applicable key/);
      await verifier(house)(await tokenOf(ada));
    });
  });
}
