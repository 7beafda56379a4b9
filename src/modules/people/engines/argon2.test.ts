/** Real argon2id, equal work where there is no account, and a bounded number at a time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { openPasswords } from './argon2.ts';

const cheap = { memoryCost: 64, timeCost: 1, parallelism: 1 };

describe('passwords', () => {
  it('are kept as argon2id with a salt each, at the recommended cost', async () => {
    const passwords = openPasswords();
    const [one, other] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')];
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.notEqual(one, other);
    assert.equal(await passwords.verify(one, 'correct horse'), true);
    assert.equal(await passwords.verify(one, 'correct house'), false);
  });

  it('are the same however a keyboard composes their letters', async () => {
    const passwords = openPasswords({ cost: cheap });
    assert.equal(await passwords.verify(await passwords.hash('gr\u00fc\u00dfe aus Wien'), 'gru\u0308\u00dfe aus Wien'), true);
  });

  it('without an account are compared with a hash of the same cost, and are always wrong', async () => {
    const compared: string[] = [];
    const load = async () => ({
      hash: async (_password: string, { memoryCost }: { memoryCost: number }) => `cost ${memoryCost}`,
      verify: async (stored: string) => {
        compared.push(stored);
        return true;
      },
    });
    const passwords = openPasswords({ cost: cheap, load });
    assert.equal(await passwords.verify(undefined, 'nobody has this password'), false);
    assert.deepEqual(compared, ['cost 64']);
  });

  it('are compared two at a time; a few more wait, and the rest are refused', async () => {
    const gate = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    const load = async () => ({
      hash: async () => '',
      verify: async () => {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        running -= 1;
        return true;
      },
    });
    const passwords = openPasswords({ load, maxWaiting: 3 });
    const asked = Array.from({ length: 6 }, () => passwords.verify('stored', 'password'));
    await assert.rejects(asked[5] ?? assert.fail(), (error: unknown) => error instanceof KontorError && error.code === 'overloaded');
    gate.resolve();
    assert.deepEqual(await Promise.all(asked.slice(0, 5)), [true, true, true, true, true]);
    assert.equal(most, 2);
    assert.equal(await passwords.verify('stored', 'password'), true, 'and there is room again');
  });

  it('are compared again after hashing has failed', async () => {
    let fails = true;
    const load = async () => ({
      hash: async () => {
        if (fails) throw new Error('no memory');
        return 'hash';
      },
      verify: async () => false,
    });
    const passwords = openPasswords({ load, maxWaiting: 0 });
    for (let time = 0; time < 5; time++) await assert.rejects(passwords.verify(undefined, 'password'), /no memory/);
    fails = false;
    assert.equal(await passwords.verify(undefined, 'password'), false);
  });
});
