/** Letters kept in the State: stored with their cause or not at all, and bounded in number and age. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { manualClock } from '#testkit/clock.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { mailMigrations } from './letters-table.ts';
import { openOutboxMail } from './outbox.ts';

async function openMail(t: TestContext) {
  const state = await temporaryState(t, mailMigrations);
  const clock = manualClock();
  const mail = openOutboxMail({ clock, random: seededRandom(1) });
  const subjects = () => state.read(async (queries) => ((await mail.kept?.(queries, 2_000)) ?? []).map(({ subject }) => subject));
  const post = (...names: string[]) =>
    state.write(async (queries) => {
      for (const subject of names) await mail.post(queries, { to: 'ada@example.org', subject, text: 'text' });
    });
  return { state, clock, mail, subjects, post };
}

describe('letters in the outbox', () => {
  it('are listed whole, newest first', async (t) => {
    const { state, clock, mail, post } = await openMail(t);
    await post('first');
    clock.setNow(clock.now() + 1);
    await post('second');
    const [newest, oldest] = (await state.read(async (queries) => mail.kept?.(queries, 10))) ?? [];
    assert.deepEqual([newest?.subject, oldest?.subject], ['second', 'first']);
    assert.deepEqual([newest?.to, newest?.text, newest?.postedAt], ['ada@example.org', 'text', clock.now()]);
  });

  it('are not posted when their transaction is rolled back', async (t) => {
    const { state, mail, subjects } = await openMail(t);
    const failed = state.write(async (queries) => {
      await mail.post(queries, { to: 'ada@example.org', subject: 'lost', text: '' });
      throw new Error('it did not happen');
    });
    await assert.rejects(failed);
    assert.deepEqual(await subjects(), []);
  });

  it('are removed after a day', async (t) => {
    const { clock, subjects, post } = await openMail(t);
    await post('old');
    clock.setNow(clock.now() + 86_400_001);
    assert.deepEqual(await subjects(), []);
  });

  it('are at most a thousand; the oldest are removed first', async (t) => {
    const { clock, subjects, post } = await openMail(t);
    for (let hundred = 0; hundred < 10; hundred++) {
      clock.setNow(clock.now() + 1);
      await post(...Array.from({ length: 100 }, (_, letter) => `${hundred * 100 + letter}`));
    }
    assert.equal((await subjects()).length, 1_000);
    clock.setNow(clock.now() + 1);
    await post('one more');
    const kept = await subjects();
    assert.ok(kept.length <= 1_000 && kept.length >= 900, String(kept.length));
    assert.equal(kept[0], 'one more');
    assert.ok(!kept.includes('0'));
  });
});
