/** The scripts of `kontor completion`, in the shells themselves. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { main } from '../main.ts';

const scripts: Record<string, string> = {};

before(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const printed: string[] = [];
    assert.equal(await main(['completion', shell], {}, { print: (line) => void printed.push(line), note: assert.fail }), 0);
    scripts[shell] = `${printed.join('\n')}\n`;
  }
});

/** A reason to skip, or false. */
function isMissing(program: string, ...argv: readonly string[]): string | false {
  return spawnSync(program, argv, { stdio: 'ignore' }).status === 0 ? false : `${program} is not installed`;
}

/** What bash offers for the words; the last one is being typed. Like bash, it has the equals sign as a word of its own. */
function offeredByBash(...words: readonly string[]): readonly string[] {
  const typed = ['kontor', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _kontor; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '--noprofile'], { input: `${scripts.bash}\n${ask}\n`, encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion in bash', { skip: isMissing('bash', '--version') }, () => {
  it('knows commands, their flags and options, and the values of both', () => {
    assert.deepEqual(offeredByBash('clu'), ['cluster']);
    assert.deepEqual(offeredByBash('cluster', ''), ['up', 'status', 'audit', 'down']);
    assert.deepEqual(offeredByBash('help', 'errands', 'can'), ['cancel']);
    assert.deepEqual(offeredByBash('help', 'opt'), ['options']);
    assert.deepEqual(offeredByBash('doctor', '--js'), ['--json']);
    assert.deepEqual(offeredByBash('cluster', 'up', '--autoscale-'), ['--autoscale-down-after']);
    assert.deepEqual(offeredByBash('up', '--log-l'), ['--log-level']);
    assert.deepEqual(offeredByBash('up', '--log-level', 'w'), ['warn']);
    assert.deepEqual(offeredByBash('up', '--log-level', '=', 'de'), ['debug']);
    assert.deepEqual(offeredByBash('run', 'auditor', 'flights-p'), ['flights-pricer']);
    assert.deepEqual(offeredByBash('completion', ''), ['bash', 'zsh', 'fish']);
  });

  it('offers no options of the house to commands that talk to one', () => {
    assert.ok(offeredByBash('errands', 'fetch', '--').includes('--token'));
    assert.deepEqual(offeredByBash('errands', 'fetch', '--data'), []);
    assert.deepEqual(offeredByBash('up', '--data'), ['--data-dir']);
  });

  it('completes what is typed at a terminal', { skip: isMissing('script', '--version') }, async (t) => {
    const typing = await terminal(t, 'bash --noprofile --rcfile .start -i', `bind 'set enable-bracketed-paste off'\n${scripts.bash}`);
    assert.equal(await typing('kontor clu\tst\t'), '<cluster><status>');
    assert.equal(await typing('kontor run audi\t'), '<run><auditor>');
    assert.equal(await typing('kontor up --log-level=de\t'), '<up><--log-level=debug>');
    assert.equal(await typing('kontor errands import ord\t'), '<errands><import><orders of mine.json>');
  });
});

describe('completion in zsh', { skip: isMissing('zsh', '--version') || isMissing('script', '--version') }, () => {
  it('completes what is typed at a terminal', async (t) => {
    const start = `unset zle_bracketed_paste; autoload -Uz compinit; compinit -D\n${scripts.zsh}`;
    const typing = await terminal(t, 'ZDOTDIR=. zsh -i', start);
    assert.equal(await typing('kontor clu\tst\t'), '<cluster><status>');
    assert.equal(await typing('kontor run audi\t'), '<run><auditor>');
    assert.equal(await typing('kontor up --log-level de\t'), '<up><--log-level><debug>');
    assert.equal(await typing('kontor errands import ord\t'), '<errands><import><orders of mine.json>');
  });
});

describe('completion in fish', { skip: isMissing('fish', '--version') }, () => {
  it('knows commands, their flags and options, and the values of both', (t) => {
    const script = join(temporaryFolder(t), 'kontor.fish');
    writeFileSync(script, scripts.fish ?? '');
    const offered = (typed: string) => {
      const { stdout } = spawnSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${typed}'`], { encoding: 'utf8' });
      return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
    };
    assert.deepEqual(offered('kontor clu'), ['cluster']);
    assert.deepEqual(offered('kontor run audi'), ['auditor']);
    assert.deepEqual(offered('kontor up --log-level de'), ['debug']);
    assert.deepEqual(offered('kontor doctor --js'), ['--json']);
    assert.deepEqual(offered('kontor errands fetch --data'), []);
  });
});

/** A shell at a terminal of its own, in which `kontor` prints what it was called with. It reads `start` first. */
async function terminal(t: TestContext, command: string, start: string): Promise<(line: string) => Promise<string>> {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'orders of mine.json'), '');
  const begin = `PS1='ready> '; kontor() { printf 'called '; printf '<%s>' "$@"; echo; }\n`;
  for (const name of ['.start', '.zshrc']) writeFileSync(join(folder, name), begin + start);
  const shell = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'dumb', HISTFILE: '/dev/null' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => shell.kill('SIGKILL'));
  let output = '';
  shell.stdout.on('data', (text) => {
    output += text;
  });
  const answer = async (pattern: RegExp) => until(() => pattern.exec(output)?.[1], { describe: () => `${pattern} in ${output}` });
  await answer(/(ready> )/);
  return async (line) => {
    output = '';
    shell.stdin.write(`${line}\r`);
    return answer(/^called (.*?)\s*$[\s\S]*ready> /m);
  };
}

for (const shell of ['zsh', 'fish']) {
  describe(`completion in ${shell}`, () => {
    it('names every command and option', () => {
      for (const word of ['cluster', 'doctor', 'fetch', 'log-level', 'autoscale', 'auditor'])
        assert.ok(scripts[shell]?.includes(word), word);
    });
  });
}

describe('completion', () => {
  it('refuses a shell that it does not know', async () => {
    const noted: string[] = [];
    assert.equal(await main(['completion', 'csh'], {}, { print: assert.fail, note: (line) => void noted.push(line) }), 2);
    assert.match(noted.join(), /there is no completion for "csh"; there is: bash, zsh, fish/);
  });
});
