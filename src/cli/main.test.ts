/** The command line as typed: what is understood, what is refused with which exit code, and what `--help` says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { colourFor } from '#core/command/colour.ts';
import { alignedColumns } from '#core/command/columns.ts';
import { parseRate } from '#modules/stocks/commands/rate.ts';
import { parseArguments } from './arguments.ts';
import { auditReport } from './commands/audit.ts';
import { commands } from './commands.ts';
import { main, optionNames } from './main.ts';

async function kontor(argv: readonly string[], environment: Record<string, string> = {}) {
  const printed: string[] = [];
  const noted: string[] = [];
  const exitCode = await main(argv, environment, { print: (line) => printed.push(line), note: (line) => noted.push(line) });
  return { exitCode, printed: printed.join('\n'), noted: noted.join('\n') };
}

describe('the command line', () => {
  it('lists every command for kontor, help and --help', async () => {
    for (const argv of [[], ['help'], ['--help'], ['-h']]) {
      const { exitCode, printed } = await kontor(argv);
      assert.equal(exitCode, 0);
      for (const command of commands) assert.ok(printed.includes(`  ${command.name}`), command.name);
    }
  });

  it('has help for every command, by --help and by help COMMAND', async () => {
    for (const { name, says } of commands) {
      const words = name.split(' ');
      const asked = await kontor([...words, '--help']);
      assert.equal(asked.exitCode, 0);
      assert.ok(asked.printed.startsWith(`Usage: kontor ${name}`) && asked.printed.includes(says), name);
      assert.equal((await kontor(['help', ...words])).printed, asked.printed);
      assert.equal((await kontor([...words, '-h'])).printed, asked.printed);
    }
  });

  it('has the options of the house apart, for the commands that take them', async () => {
    const up = (await kontor(['up', '--help'])).printed;
    assert.ok(up.includes('`kontor help options`') && !up.includes('--mail-url'), up);
    const mine = (await kontor(['mine', '--help'])).printed;
    assert.ok(mine.includes('--concurrency') && !mine.includes('help options'), mine);
    const options = (await kontor(['help', 'options'])).printed;
    for (const flag of optionNames()) assert.ok(options.includes(flag), flag);
  });

  it('has colours on a terminal only, and none with NO_COLOR', async () => {
    const green = (output: object, environment: Record<string, string> = {}) => colourFor(output, environment)('green', 'good');
    assert.equal(green({ isTTY: true }), '\u001B[32mgood\u001B[39m');
    assert.equal(green({ isTTY: true }, { NO_COLOR: '1' }), 'good');
    assert.equal(green({ isTTY: true }, { TERM: 'dumb' }), 'good');
    assert.equal(green({}), 'good');
    const table = alignedColumns([
      [green({ isTTY: true }), 'x'],
      ['doubtful', 'y'],
    ]);
    assert.equal(stripVTControlCharacters(table), 'good      x\ndoubtful  y');
  });

  it('shows help also where the rest would be refused', async () => {
    assert.equal((await kontor(['run', '--help'])).exitCode, 0);
    assert.equal((await kontor(['up', '--help'], { PORT: 'x' })).exitCode, 0);
  });

  for (const [argv, message] of [
    [['upp'], 'there is no command "upp"; did you mean "up"?'],
    [['audti'], 'there is no command "audti"; did you mean "audit"?'],
    [['zebra'], 'there is no command "zebra"; `kontor help` lists them'],
    [['help', 'rusn'], 'there is no command "rusn"; did you mean "run"?'],
    [['stocks', 'rte'], 'there is no command "stocks rte"; did you mean "stocks rate"?'],
    [['up', '--prot', '1'], 'kontor up has no flag --prot; did you mean "--port"?'],
    [['up', '--json'], 'kontor up has no flag --json'],
    [['audit', '--jsn'], 'kontor audit has no flag --jsn; did you mean "--json"?'],
    [['audit', '--json=1'], '--json takes no value'],
    [['up', '--port'], '--port needs a value: --port VALUE'],
    [['up', '--port', '--host', 'x'], '--port needs a value: --port VALUE'],
    [['up', '--port=1', '--port=2'], '--port is given twice'],
    [['up', 'now'], 'kontor up does not take "now"; usage: kontor up'],
    [['run'], 'kontor run needs more to go on; usage: kontor run ROLE...'],
    [['--port', '1', 'up'], 'the command comes first, then its flags: kontor COMMAND --port'],
    [['config', '--port', 'x'], '--port is "x", but must be a whole number from 0 to 65,535'],
    [['run', 'zebra'], 'there is no role "zebra"'],
    [['stocks', 'rate', '5x'], 'the rate is "5x", but must be a number from 0 to 10,000,000, or max'],
  ] as const) {
    it(`refuses kontor ${argv.join(' ')}`, async () => {
      const { exitCode, noted, printed } = await kontor(argv);
      assert.equal(exitCode, 2);
      assert.ok(noted.startsWith(`kontor: ${message}`), noted);
      assert.equal(printed, '');
      assert.doesNotMatch(noted, /\n {4}at /, 'no stack');
    });
  }

  it('shows where an error arose for those who debug', async () => {
    assert.match((await kontor(['upp'], { LOG_LEVEL: 'debug' })).noted, /\n {4}at /);
    assert.match((await kontor(['config', '--port', 'x', '--log-level', 'debug'])).noted, /\n {4}at /);
  });

  it('tells a flag from its value, and takes what follows -- as it is', () => {
    const parsed = parseArguments(commands, optionNames(), ['run', '--port=80', 'auditor', '--host', '::1', '--', '--strange']);
    assert.deepEqual(parsed.operands, ['auditor', '--strange']);
    assert.deepEqual(
      [...parsed.optionFlags],
      [
        ['--port', '80'],
        ['--host', '::1'],
      ],
    );
    assert.deepEqual(parseArguments(commands, optionNames(), ['stocks', 'rate', '-5']).operands, ['-5']);
  });

  it('gives every command a name of its own', () => {
    const names = commands.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe('kontor config', () => {
  it('shows what is in effect and where it came from, without secrets', async () => {
    const { exitCode, printed, noted } = await kontor(['config', '--port=81'], {
      DATA_DIR: '/srv/books',
      STATE_URL: 'postgres://me:hunter2@db/books',
      DATA_DRI: 'x',
    });
    assert.equal(exitCode, 0);
    assert.match(printed, /^PORT +81 +flag$/m);
    assert.match(printed, /^DATA_DIR +\/srv\/books +environment$/m);
    assert.match(printed, /^STREAM_URL +sqlite:\/srv\/books\/stream\.db +default$/m);
    assert.match(printed, /^STATE_URL +postgres:\/\/me:\*\*\*@db\/books +environment$/m);
    assert.doesNotMatch(printed + noted, /hunter2/);
    assert.match(noted, /did you mean DATA_DIR/);
  });
});

describe('kontor roles', () => {
  it('lists each role and why only one of a kind is active', async () => {
    const { exitCode, printed } = await kontor(['roles']);
    assert.equal(exitCode, 0);
    assert.match(printed, /^auditor +- +one active +Checks the laws/m);
    assert.match(printed, /^all +every other +many/m);
  });
});

describe('kontor audit', () => {
  it('has a table of law, what was checked and verdict, and names what is wrong', () => {
    const law = { says: 'the sum is zero', checkedAt: 0, tookMs: 1.4 };
    const good = { ...law, lawId: 'coins-1', checked: '12 accounts', holds: true, violations: [] };
    const bad = { ...law, lawId: 'coins-2', checked: '3 holds', holds: false, violations: ['hold 7 is below zero'] };
    assert.match(auditReport([good]), /coins-1 +holds +12 accounts +1 ms +the sum is zero\n\nAll 1 laws hold\.$/);
    const report = auditReport([good, bad]);
    assert.match(report, /coins-2 +BROKEN +3 holds/);
    assert.match(report, /coins-2 is broken:\n {2}- hold 7 is below zero\n\nOf 2 laws, 1 are broken and 0 could not be checked\.$/);
    const dark = { ...law, lawId: 'coins-3', checked: 'nothing', holds: null, violations: ['could not be checked: no light'] };
    assert.match(auditReport([good, dark]), /coins-3 +NOT CHECKED +nothing.*coins-3 says nothing:\n {2}- could not be checked: no light/s);
  });

  it('begins no books where there are none', async () => {
    const { exitCode, noted } = await kontor(['audit', '--data-dir', '/nonexistent/books']);
    assert.equal(exitCode, 1);
    assert.match(noted, /there are no books at \/nonexistent\/books\/kontor\.db/);
  });
});

describe('the rate', () => {
  it('is a number within limits, or max', () => {
    assert.deepEqual(['0', '10000000', '0.5', 'max'].map(parseRate), [0, 10_000_000, 0.5, 'max']);
    for (const bad of ['-1', '10000001', '1e3', '', 'fast', 'Infinity'])
      assert.throws(() => parseRate(bad), /must be a number from 0/, bad);
  });
});
