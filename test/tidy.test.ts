/** Plants one violation of every import rule and house rule, and expects the linter or the tidy tool to catch it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { codeRules } from '../tools/tidy/code-rules.ts';
import { houseRules } from '../tools/tidy/house-rules.ts';
import { imaginedTree, readTree } from '../tools/tidy/tree.ts';

const root = new URL('..', import.meta.url).pathname;

/** What a plant breaks, and the linter rule that must see it; `nothing` for plants that must be let through. */
interface Plant {
  readonly says: string;
  readonly path: string;
  readonly code: string;
  readonly caughtBy: string | 'nothing';
}

const imports = 'lint/style/noRestrictedImports';
const globals = 'lint/style/noRestrictedGlobals';
const properties = 'lint/nursery/noJsRestrictedProperties';

const wall = (from: string, target: string, caught: boolean): Plant => ({
  says: `${from} ${caught ? 'must not' : 'may'} import ${target}`,
  path: from,
  code: `import { planted } from '${target}';\nexport const used = planted;`,
  caughtBy: caught ? imports : 'nothing',
});
const use = (path: string, expression: string, caughtBy: string): Plant => ({
  says: `${path} ${caughtBy === 'nothing' ? 'may' : 'must not'} use ${expression}`,
  path,
  code: `export const used = ${expression};`,
  caughtBy,
});

const plants: readonly Plant[] = [
  // core: itself
  ...[
    '#http/types.ts',
    '#markets/stocks/store.ts',
    '#engines/state/sqlite.ts',
    '#house/house.ts',
    '#config/options.ts',
    '#cli/up.ts',
    '#testkit/until.ts',
  ].map((target) => wall('src/core/planted.ts', target, true)),
  wall('src/core/planted.ts', '../http/types.ts', true),
  wall('src/core/laws/planted.ts', '../../http/types.ts', true),
  wall('src/core/planted.ts', 'node:fs/promises', true),
  wall('src/core/planted.ts', 'node:timers/promises', true),
  wall('src/core/laws/planted.ts', '../errors.ts', false),
  wall('src/core/laws/planted.ts', '#core/errors.ts', false),
  // markets: core, the types and sessions of http, themselves; never another market
  ...[
    '#markets/flights/store.ts',
    '#http/server.ts',
    '#engines/state/sqlite.ts',
    '#house/house.ts',
    '#config/options.ts',
    '#cli/up.ts',
    '#testkit/until.ts',
  ].map((target) => wall('src/markets/stocks/planted.ts', target, true)),
  wall('src/markets/stocks/planted.ts', '../flights/store.ts', true),
  wall('src/markets/stocks/roles/planted.ts', '../../flights/store.ts', true),
  wall('src/markets/stocks/planted.ts', 'node:net', true),
  wall('src/markets/stocks/roles/planted.ts', '../store.ts', false),
  wall('src/markets/stocks/planted.ts', '#http/types.ts', false),
  wall('src/markets/stocks/planted.ts', '#http/sessions.ts', false),
  // engines: core/ports, core's basics, themselves
  ...[
    '#core/laws/law.ts',
    '#http/types.ts',
    '#markets/stocks/store.ts',
    '#house/house.ts',
    '#config/options.ts',
    '#cli/up.ts',
    '#testkit/until.ts',
  ].map((target) => wall('src/engines/state/planted.ts', target, true)),
  wall('src/engines/state/planted.ts', '#core/ports/state.ts', false),
  wall('src/engines/state/planted.ts', '#core/errors.ts', false),
  wall('src/engines/state/planted.ts', 'node:fs', false),
  wall('src/engines/state/planted.ts', 'node:timers', true),
  // http: core
  ...[
    '#markets/stocks/store.ts',
    '#engines/state/sqlite.ts',
    '#house/house.ts',
    '#config/options.ts',
    '#cli/up.ts',
    '#testkit/until.ts',
  ].map((target) => wall('src/http/planted.ts', target, true)),
  wall('src/http/planted.ts', '#core/errors.ts', false),
  // config: core's basics
  ...[
    '#core/ports/state.ts',
    '#http/types.ts',
    '#markets/stocks/store.ts',
    '#engines/state/sqlite.ts',
    '#house/house.ts',
    '#cli/up.ts',
    '#testkit/until.ts',
  ].map((target) => wall('src/config/planted.ts', target, true)),
  wall('src/config/planted.ts', '#core/errors.ts', false),
  // house: everything but cli, web and testkit
  wall('src/house/planted.ts', '#cli/up.ts', true),
  wall('src/house/planted.ts', '#testkit/until.ts', true),
  wall('src/house/planted.ts', '../../web/src/main.tsx', true),
  wall('src/house/planted.ts', '#markets/stocks/market.ts', false),
  wall('src/house/planted.ts', '#engines/state/sqlite.ts', false),
  // cli: house and config
  ...['#core/lease.ts', '#http/server.ts', '#markets/stocks/store.ts', '#engines/state/sqlite.ts', '#testkit/until.ts'].map((target) =>
    wall('src/cli/planted.ts', target, true),
  ),
  wall('src/cli/planted.ts', '#house/house.ts', false),
  wall('src/cli/planted.ts', '#config/options.ts', false),
  // testkit: not what is above the house
  wall('src/testkit/planted.ts', '#cli/up.ts', true),
  wall('src/testkit/planted.ts', '#house/house.ts', false),
  // web: itself, and types of the API
  wall('web/src/planted.ts', '#core/errors.ts', true),
  wall('web/src/planted.ts', '../../src/core/errors.ts', true),
  wall('web/src/planted.ts', '../../src/markets/stocks/store.ts', true),
  {
    says: 'web may import the types of the API',
    path: 'web/src/planted.ts',
    code: "import type { Proof } from '../../src/markets/stocks/schemas.ts';\nexport type Used = Proof;",
    caughtBy: 'nothing',
  },
  {
    says: 'web may import the types of the API of people and coins',
    path: 'web/src/planted.ts',
    code: "import type { Me } from '../../src/http/people/schemas.ts';\nexport type Used = Me;",
    caughtBy: 'nothing',
  },
  wall('web/src/planted.ts', '../../src/http/sessions.ts', true),
  // a package that package.json does not name
  {
    says: 'an undeclared package is caught',
    path: 'src/http/planted.ts',
    code: "import planted from 'left-pad';\nexport const used = planted;",
    caughtBy: 'lint/correctness/noUndeclaredDependencies',
  },

  // only the house touches time, chance and the process
  ...[
    'src/core/planted.ts',
    'src/markets/stocks/planted.ts',
    'src/engines/state/planted.ts',
    'src/http/planted.ts',
    'src/config/planted.ts',
  ].flatMap((path) => [
    ...[
      'Date.now()',
      'performance.now()',
      'setTimeout(String, 1)',
      'setInterval(String, 1)',
      'process.env',
      'globalThis.Date',
      'crypto.randomUUID()',
      "fetch('http://127.0.0.1')",
    ].map((expression) => use(path, expression, globals)),
    ...['Math.random()', 'AbortSignal.timeout(1)', 'Temporal.Now.instant()'].map((expression) => use(path, expression, properties)),
  ]),
  use('src/core/planted.ts', 'setImmediate(String)', globals),
  use('src/engines/state/planted.ts', 'setImmediate(String)', 'nothing'),
  ...[
    'src/house/planted.ts',
    'src/cli/planted.ts',
    'tools/planted.ts',
    'bench/planted.ts',
    'src/core/planted.test.ts',
    'web/src/planted.ts',
  ].map((path) => use(path, '[Date.now(), Math.random()]', 'nothing')),

  // style that the house insists on
  { says: 'a default export is caught', path: 'src/core/planted.ts', code: 'export default 1;', caughtBy: 'lint/style/noDefaultExport' },
  {
    says: 'a barrel is caught',
    path: 'src/core/planted.ts',
    code: "export * from './errors.ts';",
    caughtBy: 'lint/performance/noReExportAll',
  },
  {
    says: 'an import of a type says so',
    path: 'src/core/planted.ts',
    code: "import { Log } from './ports/log.ts';\nexport type Used = Log;",
    caughtBy: 'lint/style/useImportType',
  },
  {
    says: 'an import without its ending is caught',
    path: 'src/core/planted.ts',
    code: "import { planted } from './errors';\nexport const used = planted;",
    caughtBy: 'lint/correctness/useImportExtensions',
  },
  {
    says: 'a name that is not kebab-case is caught',
    path: 'src/core/plantedFile.ts',
    code: 'export const used = 1;',
    caughtBy: 'lint/style/useFilenamingConvention',
  },
  {
    says: 'console is caught in a room',
    path: 'src/markets/stocks/planted.ts',
    code: "console.log('planted');\nexport const used = 1;",
    caughtBy: 'lint/suspicious/noConsole',
  },
  { says: 'console is let through in a tool', path: 'tools/planted.ts', code: "console.log('planted');", caughtBy: 'nothing' },
  {
    says: 'a promise that nobody awaits is caught',
    path: 'src/core/planted.ts',
    code: 'async function planted(): Promise<void> {}\nexport function used(): void {\n  planted();\n}',
    caughtBy: 'lint/nursery/noFloatingPromises',
  },
  {
    says: 'a focused test is caught',
    path: 'src/core/planted.test.ts',
    code: "import { describe } from 'node:test';\ndescribe.only('planted', () => {});",
    caughtBy: 'lint/suspicious/noFocusedTests',
  },
  {
    says: 'a loose assert is caught',
    path: 'src/core/planted.test.ts',
    code: "import assert from 'node:assert';\nassert.ok(true);",
    caughtBy: 'lint/style/useNodeAssertStrict',
  },
  {
    says: 'a value asserted to be there is caught',
    path: 'src/core/planted.ts',
    code: 'export const used = (value: string | undefined) => value!.length;',
    caughtBy: 'lint/style/noNonNullAssertion',
  },
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

describe('the linter', () => {
  let folder: string;
  /** Path of a plant → the rules that saw something in it. */
  const seen = new Map<string, string[]>();

  // Each plant lies at a path of its own, so that one run of the linter answers for all of them.
  const pathOf = (index: number): string => {
    const { path } = plants[index]!;
    return path.replace('planted', `planted-${index}-`).replace(/-(?=\.)/, '');
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kontor-tidy-'));
    for (const name of ['biome.json', 'package.json', '.gitignore', 'src/core/errors.ts']) cpSync(join(root, name), join(folder, name));
    plants.forEach(({ code }, index) => {
      const path = join(folder, pathOf(index));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `/** Planted. */\n${code}\n`);
    });
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(run.error, undefined);
    const report = JSON.parse(run.stdout) as { readonly diagnostics: readonly Diagnostic[] };
    for (const { category, location } of report.diagnostics) seen.set(location.path, [...(seen.get(location.path) ?? []), category]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  plants.forEach(({ says, caughtBy }, index) => {
    it(says, () => {
      const rules = seen.get(pathOf(index)) ?? [];
      if (caughtBy === 'nothing') assert.deepEqual(rules, []);
      else assert.ok(rules.includes(caughtBy), `expected ${caughtBy}, the linter saw ${rules.join(', ') || 'nothing'}`);
    });
  });
});

/** For every tidy rule: a tree that breaks it once, and where. `settled` is a tree that breaks none. */
const settled: Readonly<Record<string, string>> = {
  'README.md': '# Kontor\n\nSee [the laws](docs/laws.md#coins-1), run `npm run check` and `npm run bench -- tape`.\n',
  'docs/laws.md': '# Laws\n\n## coins-1\n',
  'package.json': '{"scripts": {"check": "node tools/check.ts", "bench": "node bench/run.ts"}}',
  'biome.json': '"src/core/**" "../core/**" "src/markets/**" "../markets/**"',
  'bench/README.md': '# Bench\n',
  'bench/tape.ts': '/** Measures the tape. */\n',
  'src/core/README.md': '# core\n',
  'src/core/errors.ts': '/** Errors. */\nexport const one = 1;\n',
  'src/core/errors.test.ts': "/** Tests. */\nit('runs', { skip: 'needs a disk' }, () => {});\n",
  'web/README.md': '# web\n',
  'web/src/main.tsx': "/** Starts the app. */\nimport type { Proof } from '../../src/markets/stocks/schemas.ts';\n",
};

const untidy: Readonly<Record<string, Readonly<Record<string, readonly [path: string, text: string]>>>> = {
  purpose: { 'code without a word on it': ['src/core/money.ts', 'export const one = 1;\n'] },
  'short-files': { 'a file of 401 lines': ['src/core/money.ts', `/** Money. */\n${'export {};\n'.repeat(400)}`] },
  'kebab-case': {
    'a file in camelCase': ['src/core/moneyBag.ts', '/** Money. */\n'],
    'a folder in capitals': ['docs/Figures/one.md', '# One\n'],
  },
  'telling-names': {
    'a barrel': ['src/core/index.ts', '/** All. */\n'],
    'a folder of utils': ['src/core/utils/money.ts', '/** Money. */\n'],
    'a file of helpers': ['src/core/money-helpers.ts', '/** Money. */\n'],
  },
  'tests-run': {
    'a focused test': ['src/core/errors.test.ts', "/** Tests. */\nit.only('runs', () => {});\n"],
    'a test skipped without a reason': ['src/core/errors.test.ts', "/** Tests. */\nit('runs', { skip: true }, () => {});\n"],
    'a test put off': ['src/core/errors.test.ts', "/** Tests. */\nit.todo('runs');\n"],
  },
  'tests-do-not-sleep': {
    'a sleep from node:timers': ['src/core/errors.test.ts', "/** Tests. */\nimport { setTimeout } from 'node:timers/promises';\n"],
    'a sleep by hand': ['src/core/errors.test.ts', '/** Tests. */\nawait new Promise((resolve) => setTimeout(resolve, 100));\n'],
  },
  'web-takes-types': {
    'code of the server in the browser': [
      'web/src/main.tsx',
      "/** Starts. */\nimport { Proof } from '../../src/markets/stocks/schemas.ts';\n",
    ],
  },
  'room-readme': { 'a room without a README': ['tools/check.ts', '/** Checks. */\n'] },
  'room-walls': {
    'a room without a wall': ['src/cellar/README.md', '# cellar\n'],
    'a market without a wall': ['src/markets/fish/README.md', '# fish\n'],
  },
  links: {
    'a link to nowhere': ['docs/laws.md', '# Laws\n\n## coins-1\n\n[gone](../gone.md)\n'],
    'a link to no heading': ['docs/laws.md', '# Laws\n\n## coins-1\n\n[gone](#coins-9)\n'],
    'a picture that is not there': ['docs/laws.md', '# Laws\n\n## coins-1\n\n<img alt="" src="screenshots/gone.png">\n'],
  },
  'commands-exist': {
    'a script that is not there': ['docs/laws.md', '# Laws\n\n## coins-1\n\n`npm run bless`\n'],
    'a bench that is not there': ['docs/laws.md', '# Laws\n\n## coins-1\n\n`npm run bench -- speed`\n'],
  },
  'no-machine-names': {
    'a registry’s host': ['docs/laws.md', `# Laws\n\n## coins-1\n\nhttps://${'registry'}.example.org/left-pad\n`],
    'a lock file with download hosts': ['package-lock.json', `{"${'resolved'}": "https://example.org/left-pad.tgz"}\n`],
    'somebody’s home': ['src/core/errors.ts', `/** Errors. */\nexport const data = '/${'home'}/jane/data';\n`],
  },
};

describe('the tidy rules', () => {
  const rules = [...codeRules, ...houseRules];

  it('have nothing to say about a tidy tree', () => {
    const tree = imaginedTree(settled);
    assert.deepEqual(
      rules.flatMap((rule) => rule.check(tree)),
      [],
    );
  });

  for (const rule of rules) {
    const breaches = Object.entries(untidy[rule.id] ?? {});
    it(`${rule.id} is tried below`, () => assert.notEqual(breaches.length, 0));
    for (const [says, [path, text]] of breaches) {
      it(`${rule.id}: ${says} is caught`, () => {
        const tree = imaginedTree({ ...settled, [path]: text });
        assert.equal(rule.check(tree).length, 1);
        assert.deepEqual(
          rules.filter((other) => other.check(tree).length > 0 && other.id !== rule.id && other.id !== 'room-readme').map(({ id }) => id),
          [],
          'another rule had something to say as well',
        );
      });
    }
  }
});

describe('this repository', () => {
  const tree = readTree(root);
  for (const rule of [...codeRules, ...houseRules]) {
    it(`keeps the rule: ${rule.says}`, () => {
      assert.deepEqual(
        rule.check(tree).map(({ path, line, says }) => `${path}${line === undefined ? '' : `:${line}`} ${says}`),
        [],
      );
    });
  }

  it('lets CI run the very script that developers run', () => {
    assert.match(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8'), /run: bash \.ci\/run\b/);
  });
});
