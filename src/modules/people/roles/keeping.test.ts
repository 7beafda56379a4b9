/** What has expired is removed, and nothing else; the keys are kept fresh, and letters are sent. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from 'kysely';
import { seededRandom } from '#core/seeded-random.ts';
import { mailMigrations } from '#engines/mail/letters-table.ts';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { testSecrets } from '#testkit/seal.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { openPasswords } from '../engines/argon2.ts';
import { recordEvent } from '../store/accounts/events.ts';
import { addMailToken } from '../store/entrance/mail-tokens.ts';
import { addAccessToken } from '../store/sessions/access-tokens.ts';
import { openSession } from '../store/sessions/sessions.ts';
import { publishedKeys } from '../store/sessions/signing-keys.ts';
import { peopleMigrations } from '../store/tables.ts';
import { keepPeople, sendLetters } from './keeping.ts';

const dayMs = 86_400_000;
const limits = { idleMs: dayMs, longestMs: 10 * dayMs };
const rules = { member: limits, admin: limits, adminsNeedSecondFactor: false };
const from = { address: '192.0.2.1', agent: '' };

it('removes what has expired, and nothing else', async (t) => {
  const state = await temporaryState(t, [...mailMigrations, ...peopleMigrations]);
  const clock = manualClock();
  const random = seededRandom(1);
  const ports = { state, clock, random, mail: openOutboxMail({ clock, random }) };
  const addOneOfEach = () =>
    state.write(async (queries) => {
      const now = clock.now();
      await openSession(queries, random, { personId: 'ada', now, rules: limits, from });
      await addAccessToken(queries, random, { personId: 'ada', name: 'x', scopes: ['read'], now, endsAt: now + dayMs });
      await addMailToken(queries, random, { personId: 'ada', email: 'ada@example.org', name: 'Ada' }, now);
      await recordEvent(queries, ports, { personId: 'ada', kind: 'logged-in', address: '' });
    });
  const counts = () =>
    state.read(async (queries) => {
      const all: number[] = [];
      for (const table of ['person_session', 'person_access_token', 'person_mail_token', 'person_event'])
        all.push(Number((await sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where true`.execute(queries)).rows[0]?.n));
      return all;
    });
  await addOneOfEach();
  clock.setNow(clock.now() + 400 * dayMs);
  await addOneOfEach();
  assert.deepEqual(await counts(), [2, 2, 2, 2]);

  const stop = new AbortController();
  const seal = await testSecrets().unlock();
  const keeping = keepPeople({ ports, seal, passwords: openPasswords(), sessionRules: rules }, { clock, log: silentLog() }, stop.signal);
  t.after(() => stop.abort());
  // It sleeps when its round is over.
  await until(() => clock.sleeping() === 1, { describe: 'the end of the first round' });
  // The newest event is that of the signing key.
  assert.deepEqual(await counts(), [1, 1, 1, 2]);
  assert.equal((await publishedKeys({ ports })).length, 1);
  stop.abort();
  await keeping;
});

it('looks for waiting letters again and again, also after a failure', async (t) => {
  const clock = manualClock();
  const looked: number[] = [];
  const mail = {
    post: async () => {},
    async sendWaiting() {
      looked.push(clock.now());
      if (looked.length === 1) throw new Error('the State does not answer');
      return 0;
    },
  };
  const stop = new AbortController();
  t.after(() => stop.abort());
  const sending = sendLetters({ mail, clock, log: silentLog() }, stop.signal);
  await until(() => clock.sleeping() === 1, { describe: 'the first look' });
  await clock.advance(4_000);
  assert.deepEqual(
    looked.map((at) => at - (looked[0] ?? 0)),
    [0, 1_000, 3_000],
  );
  stop.abort();
  await sending;
});
