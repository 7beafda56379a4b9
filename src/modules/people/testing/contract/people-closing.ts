/** Closing an account: what is under way comes first, and then nothing personal is left, and no way in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Farewell } from '#core/farewell.ts';
import { refuse } from '#core/refuse.ts';
import { peopleRefusals } from '../../refusals.ts';
import type { PeopleTables } from '../../store/tables.ts';
import { namesOf } from '../../who.ts';
import { goodPassword } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const again = { password: goodPassword };
const login = { email: 'ada@example.org', ...again };

export function closingPromises(open: OpenHouse): void {
  describe('closing an account', () => {
    it('asks for the password, ends every way in, and removes what is personal; its address is free again', async (t) => {
      const left: string[] = [];
      const farewells: readonly Farewell[] = [async (_, { id }) => void left.push(id)];
      const house = await open(t, { farewells });
      const ada = await house.member('ada@example.org');
      const id = (await ada.whoAmI())?.id;
      const { token } = (await ada.post('/api/people/me/access-tokens', { name: 'laptop', scopes: ['read'], days: 30 })).json();
      assert.equal((await ada.post('/api/people/me/close', { password: 'not my password' })).status, 400);
      assert.deepEqual(left, []);
      assert.equal((await ada.post('/api/people/me/close', again)).status, 204);
      assert.deepEqual(left, [id]);
      assert.equal(await ada.whoAmI(), null);
      assert.equal((await house.visitor().post('/api/people/login', login)).status, 401);
      const program = house.visitor();
      program.headers = { authorization: `Bearer ${token}` };
      assert.equal((await program.get('/api/people/me')).json().account ?? null, null);
      const admin = await house.admin();
      const { accounts } = (await admin.get('/api/people/accounts?search=closed')).json();
      assert.deepEqual(
        accounts.map((account: { id: string; locked: boolean; closed: boolean }) => [account.id, account.locked, account.closed]),
        [[id, true, true]],
      );
      assert.equal((await admin.send('PATCH', `/api/people/accounts/${id}`, { locked: false })).status, 404, 'it stays closed');
      assert.deepEqual([...(await house.state.read((queries) => namesOf(queries, [id ?? ''])))], [], 'pages have their own word for it');
      assert.doesNotMatch((await admin.get('/api/people/accounts')).text, /Ada|ada@/);
      assert.doesNotMatch((await admin.get('/api/people/events')).text, /laptop/);
      house.later(1);
      const anew = await house.member('ada@example.org');
      assert.notEqual((await anew.whoAmI())?.id, id);
    });

    it('is refused while something is under way, and then nothing was done; an admin stays', async (t) => {
      let undone = 0;
      const farewells: readonly Farewell[] = [
        async (queries) => {
          undone += 1;
          await queries.withTables<PeopleTables>().deleteFrom('person_event').execute();
          return undefined;
        },
        async () => refuse(peopleRefusals, 'same-email'),
      ];
      const house = await open(t, { farewells });
      const ada = await house.member('ada@example.org');
      assert.equal((await ada.post('/api/people/me/close', again)).status, 400);
      assert.equal(undone, 1);
      assert.ok((await ada.get('/api/people/me/events')).json().events.length > 0, 'what was removed is back');
      assert.equal((await ada.whoAmI())?.email, 'ada@example.org');
      const admin = await house.admin();
      assert.equal((await admin.post('/api/people/me/close', again)).status, 409);
    });
  });
}
