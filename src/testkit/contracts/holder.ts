/** The contract of the Holder port: each promise as a test. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { Holder } from '#core/ports/holder.ts';

export function holderContract(name: string, open: () => Holder): void {
  describe(`Holder: ${name}`, () => {
    it('its id names the process and is unique for this run of it', () => {
      const { id } = open();
      assert.equal(id.split(':')[1], String(process.pid));
      assert.notEqual(id.split(':')[2] ?? '', '');
    });

    it('a running holder is not gone', async (t) => {
      const holder = open();
      assert.equal(holder.isGone(holder.id), false, 'itself');
      const child = sleeper();
      t.after(() => child.kill('SIGKILL'));
      assert.equal(holder.isGone(idOfProcess(holder, child.pid)), false, 'another process');
    });

    it('a holder on the same host is gone when its process has ended', async () => {
      const holder = open();
      const child = sleeper();
      child.kill('SIGKILL');
      await once(child, 'exit');
      assert.equal(holder.isGone(idOfProcess(holder, child.pid)), true);
    });

    it('false when in doubt: another host, no process, nonsense', async () => {
      const holder = open();
      const child = sleeper();
      child.kill('SIGKILL');
      await once(child, 'exit');
      for (const id of [`elsewhere:${child.pid}:00`, '', 'nonsense', ':::', idOfProcess(holder, 0), idOfProcess(holder, -1)]) {
        assert.equal(holder.isGone(id), false, id);
      }
    });
  });
}

function sleeper() {
  return spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
}

function idOfProcess(holder: Holder, pid: number | undefined): string {
  return `${holder.id.split(':')[0]}:${pid}:another-life`;
}
