/** The errors of a transaction when the connection or the server fails, on a connection that fails on purpose. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { manualClock } from '#testkit/clock.ts';
import { until } from '#testkit/until.ts';
import type { Connection } from './connections.ts';
import { inTransaction, RepeatableFailure, type Session } from './transaction.ts';

type Answers = Readonly<Record<string, () => Promise<{ command?: string }>>>;

/** Answers each statement as given, and others with success. */
function connectionThat(answers: Answers): { connection: Connection; statements: string[] } {
  const statements: string[] = [];
  const query = async (asked: string | { readonly text: string }) => {
    const text = typeof asked === 'string' ? asked : asked.text;
    statements.push(text);
    const answer = await answers[text]?.();
    return { command: text.toUpperCase(), rowCount: 0, rows: [], ...answer };
  };
  return { connection: { query } as unknown as Connection, statements };
}

function failure(code: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(`failed with ${code}`), { code }));
}

async function run(answers: Answers, work: (session: Session) => Promise<unknown> = (session) => session.query('work')) {
  const { connection, statements } = connectionThat(answers);
  const clock = manualClock();
  let discarded = false;
  let doubted = false;
  const plan = {
    begin: 'begin',
    timeoutMs: 1_000,
    clock,
    fate: {
      discard: () => {
        discarded = true;
      },
      doubtHost: () => {
        doubted = true;
      },
    },
  };
  const outcome = inTransaction(connection, plan, work).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { outcome, clock, statements, isDiscarded: () => discarded || doubted, isDoubted: () => doubted };
}

async function errorOf(outcome: Promise<{ value: unknown } | { error: unknown }>): Promise<unknown> {
  const settled = await outcome;
  assert.ok('error' in settled, 'it rejects');
  return settled.error;
}

it('a connection lost while committing is reported as unknown, not retried, and not reused', async () => {
  for (const code of ['ECONNRESET', '57P01', '08006']) {
    const { outcome, isDiscarded } = await run({ commit: failure(code) });
    const error = await errorOf(outcome);
    assert.ok(error instanceof KontorError && error.code === 'unavailable', code);
    assert.match(error.message, /unknown whether/);
    assert.equal(isDiscarded(), true);
  }
});

it('a commit without an answer is unknown, too', async () => {
  const { outcome, clock, statements, isDiscarded } = await run({ commit: () => new Promise(() => undefined) });
  await until(() => statements.includes('commit'), { describe: 'the commit' });
  await clock.advance(1_001);
  const error = await errorOf(outcome);
  assert.ok(error instanceof KontorError && error.code === 'unavailable');
  assert.equal(isDiscarded(), true);
});

it('a transaction whose connection is lost before COMMIT may be retried: nothing was stored', async () => {
  assert.ok((await errorOf((await run({ work: failure('ECONNRESET') })).outcome)) instanceof RepeatableFailure);
  assert.ok((await errorOf((await run({ begin: failure('57P01') })).outcome)) instanceof RepeatableFailure);
});

it('a host that takes no writes any more is in doubt, and the transaction may be retried on another', async () => {
  const { outcome, isDoubted } = await run({ work: failure('25006') });
  assert.ok((await errorOf(outcome)) instanceof RepeatableFailure);
  assert.equal(isDoubted(), true);
});

it('a serialization failure or deadlock may be retried, even when the work throws another error', async () => {
  for (const code of ['40001', '40P01']) {
    const { outcome, statements } = await run({ work: failure(code) }, async (session) => {
      await session.query('work').catch(() => undefined);
      throw new Error('my own words');
    });
    assert.ok((await errorOf(outcome)) instanceof RepeatableFailure);
    assert.ok(statements.includes('rollback'));
  }
  assert.ok((await errorOf((await run({ commit: failure('40001') })).outcome)) instanceof RepeatableFailure);
});

it('work that catches the error of a statement does not commit', async () => {
  const { outcome } = await run({ work: failure('23505'), commit: async () => ({ command: 'ROLLBACK' }) }, async (session) => {
    await session.query('work').catch(() => undefined);
    return 'all is well';
  });
  const error = await errorOf(outcome);
  assert.ok(error instanceof KontorError && error.code === 'conflict');
});

it('an error of the work reaches the caller unchanged, after a rollback', async () => {
  const mine = new Error('changed my mind');
  const { outcome, statements, isDiscarded } = await run({}, () => Promise.reject(mine));
  assert.equal(await errorOf(outcome), mine);
  assert.deepEqual(statements, ['begin', 'rollback']);
  assert.equal(isDiscarded(), false);
});

it('a connection that cannot roll back is not reused', async () => {
  const { outcome, isDiscarded } = await run({ rollback: failure('ECONNRESET') }, () => Promise.reject(new Error('no')));
  await errorOf(outcome);
  assert.equal(isDiscarded(), true);
});
