/** A house in one process, one role of which after the other has a full disk or a wrong clock for some seconds: all come back, and the books balance. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Pull, PullChoice } from '#modules/overview/api/schemas.ts';
import { pullTimeoutMs } from '#modules/overview/domain/pull.ts';
import { rounds } from '#testkit/rounds.ts';
import { until } from '#testkit/until.ts';
import { openWorld } from '../attacks/world.ts';

const path = '/api/overview/pulls';
/** The house itself gives a pull up before, and says why. */
const pullMs = pullTimeoutMs + 60_000;

it('a role with a full disk, or with a wrong clock, loses nothing and doubles nothing', async (t) => {
  const environment = { AUDIT_INTERVAL_MS: '300', STOCK: 'MSFT,TSLA', TICKER_INTERVAL: '20' };
  const world = await openWorld(t, { roles: ['all'], environment });
  const { choices } = (await world.ask('GET', `${path}/choices`)).json();
  const faults = choices.filter(({ kind }: PullChoice) => kind === 'fill-disk' || kind === 'set-clock');
  assert.ok(faults.length >= 16, `all roles that may be pulled, in two ways: ${faults.length}`);

  /** A few pulls a minute are enough for the house: this one may have to wait. */
  async function pulled({ kind, target }: PullChoice): Promise<Pull> {
    const asked = async () => {
      const answer = await world.ask('POST', path, { body: { kind, target } });
      return answer.status === 201 && answer.json();
    };
    const { id } = await until(asked, { timeoutMs: pullMs, describe: `${kind} ${target} to begin` });
    const ended = async () => {
      const { pull } = (await world.ask('GET', `${path}/${id}`)).json();
      return pull.state !== 'running' && pull;
    };
    return until(ended, { timeoutMs: pullMs, describe: `the end of ${kind} ${target}` });
  }

  await rounds(t, { what: 'pulls', seconds: 20, slowestRoundSeconds: 40 }, async () => {
    const [fault] = faults.splice(Math.floor(Math.random() * faults.length), 1);
    faults.push(fault);
    const pull = await pulled(fault);
    assert.equal(pull.state, 'done', JSON.stringify(pull));
    assert.equal(pull.verdict?.says, '0 lost, 0 doubled', JSON.stringify(pull));
  });
  assert.deepEqual(
    (await world.audit()).filter(({ holds }) => holds !== true),
    [],
  );
});
