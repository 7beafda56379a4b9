/** The walls between the rooms: plants imports on both sides of each, and expects the rule to let in and keep out. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { imaginedTree } from '../tools/tidy/tree.ts';
import { wallRule } from '../tools/tidy/walls.ts';

const packageJson = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

/** A file of each room. */
const rooms = {
  core: '#core/errors.ts',
  http: '#http/server.ts',
  module: '#modules/stocks/store/intake.ts',
  engines: '#engines/state/sqlite.ts',
  house: '#house/house.ts',
  config: '#config/options.ts',
  drill: '#drill/drill.ts',
  cli: '#cli/main.ts',
  testkit: '#testkit/until.ts',
};
type Room = keyof typeof rooms;

const allRoomsBut = (...but: readonly Room[]) =>
  (Object.keys(rooms) as Room[]).filter((room) => !but.includes(room)).map((room) => rooms[room]);

interface Wall {
  readonly from: string;
  readonly keepsOut: readonly string[];
  readonly letsIn: readonly string[];
}

const walls: readonly Wall[] = [
  {
    from: 'src/core/planted.ts',
    keepsOut: [...allRoomsBut('core'), '#core/errors.ts', '../http/server.ts', 'node:fs/promises', 'node:timers/promises', 'process'],
    letsIn: ['./errors.ts', 'node:crypto', 'kysely'],
  },
  { from: 'src/core/laws/planted.ts', keepsOut: ['../../http/types.ts'], letsIn: ['../errors.ts'] },
  {
    from: 'src/modules/shop/planted.ts',
    keepsOut: [...allRoomsBut('core', 'http'), '../stocks/tape.ts', '#modules/stocks/module.ts', '#modules/stocks/laws.ts', 'node:net'],
    letsIn: ['#core/errors.ts', '#http/sessions.ts', '#modules/stocks/tape.ts', '#modules/coins/post.ts', './store/tables.ts'],
  },
  {
    from: 'src/modules/shop/store/checkout/planted.ts',
    keepsOut: ['../../../stocks/store/intake.ts', '#modules/shop/laws.ts', 'node:timers'],
    letsIn: ['../../domain/arithmetic.ts', '../tables.ts'],
  },
  {
    from: 'src/modules/stocks/engines/results/planted.ts',
    keepsOut: [...allRoomsBut('core', 'engines', 'module'), '#modules/coins/post.ts', 'node:timers'],
    letsIn: ['#core/errors.ts', '#engines/time-limit.ts', '../../ports/results.ts', 'node:fs'],
  },
  {
    from: 'src/modules/stocks/commands/planted.ts',
    keepsOut: allRoomsBut('core', 'module'),
    letsIn: ['#core/errors.ts', '../store/intake.ts', '#modules/coins/post.ts', 'node:fs'],
  },
  {
    from: 'src/modules/shop/testing/planted.ts',
    keepsOut: [rooms.cli, rooms.config],
    letsIn: [rooms.module, rooms.engines, rooms.testkit],
  },
  {
    from: 'src/engines/state/planted.ts',
    keepsOut: [...allRoomsBut('core', 'engines'), 'node:timers'],
    letsIn: ['#core/ports/state.ts', '#core/errors.ts', 'node:fs'],
  },
  { from: 'src/http/planted.ts', keepsOut: allRoomsBut('core', 'http'), letsIn: [rooms.core, 'node:http'] },
  { from: 'src/config/planted.ts', keepsOut: [...allRoomsBut('core', 'config'), 'node:fs'], letsIn: [rooms.core] },
  {
    from: 'src/house/planted.ts',
    keepsOut: [rooms.cli, rooms.testkit, '../../web/src/main.tsx'],
    letsIn: [rooms.module, rooms.engines, 'node:timers', '../../package.json'],
  },
  {
    from: 'src/drill/planted.ts',
    keepsOut: [rooms.module, rooms.engines, rooms.testkit, rooms.http, rooms.cli, '../../tools/engines.ts'],
    letsIn: [rooms.house, rooms.config, rooms.core, '#cluster/fault-proxy.ts', 'node:timers/promises'],
  },
  {
    from: 'src/cli/planted.ts',
    keepsOut: [rooms.module, rooms.engines, rooms.testkit, rooms.http],
    letsIn: [rooms.house, rooms.config, rooms.core, rooms.drill],
  },
  { from: 'src/testkit/planted.ts', keepsOut: [rooms.cli], letsIn: [rooms.house] },
  { from: 'src/core/planted.test.ts', keepsOut: [], letsIn: [...allRoomsBut('core'), 'node:timers/promises'] },
];

const problems = (path: string, statement: string) =>
  wallRule.check(imaginedTree({ 'package.json': packageJson, [path]: `/** Planted. */\n${statement}\n` }));

describe('the walls', () => {
  for (const { from, keepsOut, letsIn } of walls) {
    it(`of ${from} keep out what does not belong there`, () => {
      const letThrough = keepsOut.filter((target) => problems(from, `import { planted } from '${target}';`).length === 0);
      assert.deepEqual(letThrough, []);
    });
    it(`of ${from} let in what it may use`, () => {
      const keptOut = letsIn.filter((target) => problems(from, `import { planted } from '${target}';`).length > 0);
      assert.deepEqual(keptOut, []);
    });
  }

  it('see types, side effects, re-exports, imports over many lines and imports at run time', () => {
    for (const statement of [
      "import type { Planted } from '#house/house.ts';",
      "import '#house/house.ts';",
      "export { planted } from '#house/house.ts';",
      "import {\n  one,\n  other,\n} from '#house/house.ts';",
      "const planted = await import('#house/house.ts');",
    ])
      assert.equal(problems('src/core/planted.ts', statement).length, 1, statement);
  });

  it('ask for a wall around a new room', () => {
    assert.match(problems('src/cellar/planted.ts', '')[0]?.says ?? '', /belongs to no room/);
  });
});
