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
import { wallRule } from '../tools/tidy/walls.ts';

const root = new URL('..', import.meta.url).pathname;

/** What a plant breaks, and the linter rule that must see it; `nothing` for plants that must be let through. */
interface Plant {
  readonly says: string;
  readonly path: string;
  readonly code: string;
  readonly caughtBy: string | 'nothing';
}

const globals = 'lint/style/noRestrictedGlobals';
const properties = 'lint/nursery/noJsRestrictedProperties';

const plant = (says: string, caughtBy: string, code: string, path = 'src/core/planted.ts'): Plant => ({ says, path, code, caughtBy });

const use = (path: string, expression: string, caughtBy: string): Plant =>
  plant(`${path} ${caughtBy === 'nothing' ? 'may' : 'must not'} use ${expression}`, caughtBy, `export const used = ${expression};`, path);

const plants: readonly Plant[] = [
  plant(
    'an undeclared package is caught',
    'lint/correctness/noUndeclaredDependencies',
    "import planted from 'left-pad';\nexport const used = planted;",
    'src/http/planted.ts',
  ),

  // only the house touches time, chance and the process
  ...['core', 'modules/stocks', 'engines/state', 'http', 'config'].flatMap((room) => [
    ...[
      'Date.now()',
      'performance.now()',
      'setTimeout(String, 1)',
      'setInterval(String, 1)',
      'process.env',
      'globalThis.Date',
      'crypto.randomUUID()',
      "fetch('http://127.0.0.1')",
    ].map((expression) => use(`src/${room}/planted.ts`, expression, globals)),
    ...['Math.random()', 'AbortSignal.timeout(1)', 'Temporal.Now.instant()'].map((expression) =>
      use(`src/${room}/planted.ts`, expression, properties),
    ),
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
  plant(
    'a function of 71 lines is caught',
    'lint/complexity/noExcessiveLinesPerFunction',
    `export function used(): number {\n  let sum = 0;\n${'  sum += 1;\n'.repeat(69)}  return sum;\n}`,
  ),
  plant('a default export is caught', 'lint/style/noDefaultExport', 'export default 1;'),
  plant('a barrel is caught', 'lint/performance/noReExportAll', "export * from './errors.ts';"),
  plant('an import of a type says so', 'lint/style/useImportType', "import { Log } from './ports/log.ts';\nexport type Used = Log;"),
  plant(
    'an import without its ending is caught',
    'lint/correctness/useImportExtensions',
    "import { planted } from './errors';\nexport const used = planted;",
  ),
  plant(
    'a name that is not kebab-case is caught',
    'lint/style/useFilenamingConvention',
    'export const used = 1;',
    'src/core/plantedFile.ts',
  ),
  plant(
    'console is caught in a room',
    'lint/suspicious/noConsole',
    "console.log('planted');\nexport const used = 1;",
    'src/modules/stocks/planted.ts',
  ),
  plant('console is let through in a tool', 'nothing', "console.log('planted');", 'tools/planted.ts'),
  plant(
    'a promise that nobody awaits is caught',
    'lint/nursery/noFloatingPromises',
    'async function planted(): Promise<void> {}\nexport function used(): void {\n  planted();\n}',
  ),
  plant(
    'a focused test is caught',
    'lint/suspicious/noFocusedTests',
    "import { describe } from 'node:test';\ndescribe.only('planted', () => {});",
    'src/core/planted.test.ts',
  ),
  plant(
    'a loose assert is caught',
    'lint/style/useNodeAssertStrict',
    "import assert from 'node:assert';\nassert.ok(true);",
    'src/core/planted.test.ts',
  ),
  plant(
    'a value asserted to be there is caught',
    'lint/style/noNonNullAssertion',
    'export const used = (value: string | undefined) => value!.length;',
  ),
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

/** A tree that breaks no tidy rule. */
const settled: Readonly<Record<string, string>> = {
  'README.md': '# Kontor\n\nSee [the laws](docs/laws.md#coins-1), run `npm run check` and `npm run bench -- tape`.\n',
  'docs/laws.md': '# Laws\n\n## coins-1\n',
  'package.json': '{"scripts": {"check": "node tools/check.ts", "bench": "node bench/run.ts"}}',
  'bench/README.md': '# Bench\n',
  'bench/tape.ts': '/** Measures the tape. */\n',
  'src/core/README.md': '# core\n',
  'src/core/errors.ts': '/** Errors. */\nexport const one = 1;\n',
  'src/core/errors.test.ts': "/** Tests. */\nit('runs', { skip: 'needs a disk' }, () => {});\n",
  'web/README.md': '# web\n',
  'web/src/main.tsx': '/** Starts the app. */\nexport const started = true;\n',
};

type File = readonly [path: string, text: string];

const code = (file: string, text: string): File => [`src/core/${file}`, `/** Planted. */\n${text}\n`];
const test = (text: string): File => code('errors.test.ts', text);
const laws = (text: string): File => ['docs/laws.md', `# Laws\n\n## coins-1\n\n${text}\n`];
const readme = (folder: string): File => [`${folder}/README.md`, '# Planted\n'];

const tellsNothing = 'has a name that says nothing about its contents';
const sleeps = 'a test that sleeps is slow and flaky';

/** A file that breaks one tidy rule each, and how the rule begins to say so. */
const breaches: readonly (readonly [rule: string, what: string, file: File, says: string])[] = [
  ['purpose', 'code without a word on it', ['src/core/money.ts', 'export const one = 1;\n'], 'opens without a purpose comment'],
  ['short-files', 'a file of 401 lines', code('money.ts', 'export {};\n'.repeat(400).trimEnd()), 'has 401 lines'],
  ['kebab-case', 'a file in camelCase', code('moneyBag.ts', ''), 'is not named in kebab-case'],
  ['kebab-case', 'a folder in capitals', readme('docs/Figures'), 'is not named in kebab-case'],
  ['telling-names', 'a barrel', code('index.ts', ''), tellsNothing],
  ['telling-names', 'a folder of utils', code('utils/money.ts', ''), tellsNothing],
  ['telling-names', 'a file of helpers', code('money-helpers.ts', ''), tellsNothing],
  [
    'no-spread-literals',
    'a spread of an object literal',
    code('money.ts', 'export const two = { ...{ one: 1 }, two: 2 };'),
    'spreads an object literal',
  ],
  ['tests-run', 'a focused test', test("it.only('runs', () => {});"), 'a focused test hides all others'],
  ['tests-run', 'a test skipped without a reason', test("it('runs', { skip: true }, () => {});"), 'a skipped test says why'],
  ['tests-run', 'a test put off', test("it.todo('runs');"), 'a skipped test says why'],
  ['tests-do-not-sleep', 'a sleep from node:timers', test("import { setTimeout } from 'node:timers/promises';"), sleeps],
  ['tests-do-not-sleep', 'a sleep by hand', test('await new Promise((resolve) => setTimeout(resolve, 100));'), sleeps],
  ['room-readme', 'a room without a README', ['tools/check.ts', '/** Checks. */\n'], 'is missing: say what lives here'],
  ['links', 'a link to nowhere', laws('[gone](../gone.md)'), 'links to ../gone.md, but there is no gone.md'],
  ['links', 'a link to no heading', laws('[gone](#coins-9)'), 'links to #coins-9, but docs/laws.md has no such heading'],
  [
    'links',
    'a picture that is not there',
    laws('<img alt="" src="screenshots/gone.png">'),
    'links to screenshots/gone.png, but there is no',
  ],
  ['commands-exist', 'a script that is not there', laws('`npm run bless`'), 'names the npm script bless'],
  ['commands-exist', 'a bench that is not there', laws('`npm run bench -- speed`'), 'names the bench speed'],
  ['no-machine-names', 'a registry’s host', laws(`https://${'registry'}.example.org/left-pad`), 'names a registry’s host'],
  [
    'no-machine-names',
    'a lock file with download hosts',
    ['package-lock.json', `{"${'resolved'}": "https://example.org/left-pad.tgz"}\n`],
    'the lock file names a download host',
  ],
  [
    'no-machine-names',
    'somebody’s home',
    code('errors.ts', `const data = '/${'home'}/jane/data';`),
    'names a path of a developer’s machine',
  ],
];

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
    it(`${rule.id} is tried below`, () => assert.ok(breaches.some(([id]) => id === rule.id)));
  }

  for (const [id, what, [path, text], says] of breaches) {
    it(`${id}: ${what} is caught`, () => {
      const tree = imaginedTree({ ...settled, [path]: text });
      const found = rules.flatMap((rule) => rule.check(tree).map((untidy) => ({ rule: rule.id, says: untidy.says })));
      const ofThisRule = found.filter(({ rule }) => rule === id).map((untidy) => untidy.says.slice(0, says.length));
      assert.deepEqual(ofThisRule, [says]);
      assert.deepEqual(
        found.filter(({ rule }) => rule !== id && rule !== 'room-readme'),
        [],
        'another rule had something to say as well',
      );
    });
  }
});

describe('this repository', () => {
  const tree = readTree(root);
  for (const rule of [...codeRules, ...houseRules, wallRule]) {
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
