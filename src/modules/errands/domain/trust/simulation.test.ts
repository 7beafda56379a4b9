/** A fifth of all miners lie, in four ways: few lies are paid, and each way earns less than honest work. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Kind, kinds, simulateTrust, type Tally } from '../../testing/trust-simulation.ts';

it('a market with 20 % liars pays for less than 0.5 % lies, and lying does not pay', (t) => {
  const tallies = simulateTrust({ seed: 11, miners: 200, liarShare: 0.2, steps: 600 });
  const all = Object.values(tallies);
  const total = (of: (tally: Tally) => number) => all.reduce((sum, tally) => sum + of(tally), 0);
  const liesPaid = total((tally) => tally.liesPaid) / total(({ coins }) => coins);
  const coinsOf = ({ coins, miners }: Tally) => coins / miners;
  for (const kind of kinds) t.diagnostic(rowOf(kind, tallies[kind]));
  t.diagnostic(`lies paid: ${percent(liesPaid)}; audits: ${percent(total(({ audits }) => audits) / total(({ answers }) => answers))}`);
  assert.ok(liesPaid < 0.005, percent(liesPaid));
  assert.equal(tallies.honest.shutOut, 0);
  assert.ok(coinsOf(tallies.honest) > 0.97 * (tallies.honest.answers / tallies.honest.miners), 'honest work is paid');
  for (const kind of kinds.slice(1)) {
    const { shutOut, miners } = tallies[kind];
    assert.ok(coinsOf(tallies[kind]) < 0.2 * coinsOf(tallies.honest), `${kind}: ${coinsOf(tallies[kind])} coins`);
    assert.equal(shutOut, miners, kind);
  }
});

function rowOf(kind: Kind, { miners, answers, lies, audits, liesPaid, coins, shutOut }: Tally): string {
  const figures = { answers, lies, audits, 'lies paid': liesPaid, coins, 'shut out': shutOut };
  const told = Object.entries(figures).map(([name, figure]) => `${(figure / miners).toFixed(2)} ${name}`);
  return `${miners} ${kind}, each: ${told.join(', ')}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`;
}
