/** Presences and events of the house on every engine of the State. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { eventMigrations, forgetEvent, type HouseEvent, recentEvents, recordEvents } from '#core/events.ts';
import type { State } from '#core/ports/state.ts';
import { type Presence, presenceMigrations, presences, presencesAfter, removePresence, storePresence } from '#core/presence.ts';

function present(holder: string, beat: number): Presence {
  const load = { memoryBytes: 1, cores: 0.5, pulses: [{ name: 'trades', module: 'stocks', total: 7, perSecond: 0.25 }] };
  const roles = [{ role: 'relay', ready: true, says: 'active' }];
  return {
    holder,
    beat,
    at: 1_000 + beat,
    name: holder,
    host: 'h',
    pid: 1,
    version: '1',
    startedAt: 1,
    ...load,
    roles,
    away: [],
    partitions: [],
  };
}

function event(number: number, at = number): HouseEvent {
  return { id: `event ${number}`, at, kind: 'died', subject: 'relay', values: { number } };
}

/** `open` returns a fresh, empty State that is closed after the test. */
export function corePresenceContract(name: string, open: (t: TestContext) => Promise<State>): void {
  describe(`presences: ${name}`, () => {
    it('are stored, renewed, and removed by one of those who see them silent', async (t) => {
      const state = await open(t);
      await state.migrate(presenceMigrations);
      assert.equal(await state.write((queries) => storePresence(queries, present('a', 1))), false);
      assert.equal(await state.write((queries) => storePresence(queries, present('a', 2))), true);
      assert.deepEqual(await state.read(presences), [present('a', 2)]);
      const remove = (beat: number) => state.write((queries) => removePresence(queries, { holder: 'a', beat }));
      assert.equal(await remove(1), false, 'it was renewed since');
      assert.deepEqual((await Promise.all([remove(2), remove(2)])).sort(), [false, true]);
      assert.deepEqual(await state.read(presences), []);
    });
  });

  describe(`watching: ${name}`, () => {
    it('each of 100 processes is watched by 20 others, and all together read 2,000 rows instead of 10,000', async (t) => {
      const state = await open(t);
      await state.migrate(presenceMigrations);
      const holders = Array.from({ length: 100 }, (_, index) => `holder-${index + 100}`);
      await state.write(async (queries) => {
        for (const holder of holders) await storePresence(queries, present(holder, 1));
      });
      const watched = await state.read(async (queries) => {
        const all: string[] = [];
        for (const holder of holders) all.push(...(await presencesAfter(queries, holder, 20)).map((one) => one.holder));
        return all;
      });
      assert.equal(watched.length, 2_000);
      const watchers = Map.groupBy(watched, (holder) => holder);
      assert.deepEqual([...watchers.keys()].sort(), holders);
      assert.ok([...watchers.values()].every(({ length }) => length === 20));
      const few = await state.read((queries) => presencesAfter(queries, 'holder-198', 3));
      assert.deepEqual(
        few.map(({ holder }) => holder),
        ['holder-199', 'holder-100', 'holder-101'],
        'after the last come the first',
      );
    });
  });

  describe(`events of the house: ${name}`, () => {
    it('are stored once, newest first, for an hour and not without bound', async (t) => {
      const state = await open(t);
      await state.migrate(eventMigrations);
      const record = (events: readonly HouseEvent[], now: number) => state.write((queries) => recordEvents(queries, events, now));
      const recent = (limit: number) => state.read((queries) => recentEvents(queries, limit));
      await record([event(1), event(2)], 2);
      await record([event(2), event(3)], 3);
      assert.deepEqual(await recent(2), [event(3), event(2)]);
      await state.write((queries) => forgetEvent(queries, event(2).id));
      assert.deepEqual(await recent(2), [event(3), event(1)]);
      const hourLater = 3_600_003;
      await record([event(4, hourLater)], hourLater);
      assert.deepEqual(await recent(10), [event(4, hourLater), event(3)]);
      const many = Array.from({ length: 700 }, (_, index) => event(index + 10, hourLater + index + 1));
      await record(many, hourLater);
      assert.equal((await recent(1_000)).length, 500);
    });
  });
}
