/** `kontor drill` as typed: what it refuses before it opens anything. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { main } from './main.ts';

for (const [argv, says] of [
  [['--minutes', '0'], '--minutes is "0", but must be a number above 0 of at most 1440'],
  [['--minutes', 'soon'], '--minutes is "soon", but must be a number above 0'],
  [['--seed', '1.5'], '--seed is "1.5", but must be a whole number'],
  [['--faults', 'kill,flood'], '--faults names "flood", but there are kill, stop, cut, slow, full-disk, clock, failover'],
  [['--on', 'moon'], '--on names "moon", but there are embedded, cluster'],
  [['--engines', 'postgres'], '--engines goes with --on cluster'],
  [['--report', 'report.pdf'], '--report is "report.pdf", but must end in .html or .json'],
  [['--data-dir', 'books'], 'kontor drill opens a house of its own, whose options are given: leave --data-dir out'],
  [['--on', 'cluster', '--faults', 'full-disk'], 'full-disk is possible with --on embedded only'],
  [['--on', 'cluster', '--faults', 'failover'], 'failover in a cluster needs an engine that fails over: --engines postgres-ha'],
] as const) {
  it(`kontor drill ${argv.join(' ')} is refused with a sentence`, async () => {
    const noted: string[] = [];
    const exitCode = await main(['drill', ...argv], {}, { print: () => {}, note: (line) => noted.push(line) });
    assert.equal(exitCode, 2);
    assert.ok(noted.join('\n').includes(says), noted.join('\n'));
  });
}
