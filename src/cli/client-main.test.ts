/** Commands that talk to a house: they load nothing of it, and start at once. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { clientCommands } from '#house/client-commands.ts';
import { clientMain, isForClient } from './client-main.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const imported = /(?:^|\n)\s*(?:import|export)\s+(?!type\b)[^'";]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'\)/g;
/** Packages that clients may use, beside what Node has. */
const packages = new Set<string>(['ws', 'css-select', 'domhandler', 'htmlparser2', 'undici']);

/** All files that are loaded with this one, also when a command runs, but for those that only other commands need. */
function loadedWith(start: string): { readonly files: ReadonlySet<string>; readonly others: ReadonlySet<string> } {
  const files = new Set<string>();
  const others = new Set<string>();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, first, second] of readFileSync(join(root, file), 'utf8').matchAll(imported)) {
      const name = first ?? second ?? '';
      if (name.startsWith('.')) waiting.push(join(dirname(file), name));
      else if (name.startsWith('#')) waiting.push(`src/${name.slice(1).replace(/^(\w+)/, '$1')}`);
      else if (!name.startsWith('node:')) others.add(name);
    }
  }
  return { files, others };
}

describe('commands that talk to a house', () => {
  it('load nothing of the house', () => {
    const { files, others } = loadedWith('src/cli/client-main.ts');
    assert.ok(files.has('src/modules/errands/client/fetch/fetch-results.ts'), [...files].join(' '));
    assert.ok([...files].every((file) => existsSync(join(root, file))));
    const ofTheHouse = [...files].filter((file) =>
      /^src\/(engines|http|config)\/|^src\/house\/(?!client-commands\.ts)|\/(store|roles|api|laws|module)[./]/.test(file),
    );
    assert.deepEqual(ofTheHouse, []);
    assert.deepEqual(
      [...others].filter((name) => !packages.has(name)),
      [],
    );
  });

  it('start within 300 ms of processor time', () => {
    const environment = { ...process.env, KONTOR_TOKEN: '', KONTOR_TOKEN_FILE: '' };
    // Not the time on the clock, which says more about what else the machine does.
    const tellTime =
      'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();console.error("took",(user+system)/1e3)})';
    const took: number[] = [];
    while (took.length < 8 && !took.some((ms) => ms < 300)) {
      const argv = ['--import', tellTime, join(root, 'bin/kontor.js'), 'errands', 'fetch', '--to', 'x'];
      const { status, stderr } = spawnSync(process.execPath, argv, { env: environment, encoding: 'utf8' });
      assert.equal(status, 2);
      assert.match(stderr, /there is no access token/);
      took.push(Number(/took ([\d.]+)/.exec(stderr)?.[1]));
    }
    assert.ok(
      took.some((ms) => ms < 300),
      took.join(' '),
    );
  });

  it('are told apart from others, which know all commands', () => {
    for (const { name } of clientCommands) assert.ok(isForClient([...name.split(' '), '--once']));
    for (const argv of [[], ['up'], ['errands'], ['help', 'errands', 'fetch']]) assert.ok(!isForClient(argv), argv.join(' '));
  });

  it('have their help, without the options of the house', async () => {
    const printed: string[] = [];
    assert.ok(isForClient(['errands', 'fetch', '--help']));
    assert.equal(await clientMain(['errands', 'fetch', '--help'], {}, { print: (line) => void printed.push(line), note: assert.fail }), 0);
    assert.match(printed.join('\n'), /^Usage: kontor errands fetch \[flags\].*--token TOKEN/s);
    assert.doesNotMatch(printed.join('\n'), /help options/);
  });

  it('tell what is wrong', async () => {
    const noted: string[] = [];
    const terminal = { print: () => {}, note: (line: string) => void noted.push(line) };
    assert.equal(await clientMain(['errands', 'fetch', '--oncee'], {}, terminal), 2);
    assert.equal(await clientMain(['errands', 'fetch', '--to', 'x', '--name', '../x'], {}, terminal), 2);
    assert.match(noted.join('\n'), /has no flag --oncee; did you mean "--once"\?\n.*--name is "..\/x"/);
  });
});
