/** A pooler is recognised by its made-up process ids, and gets nothing that stays in a session; replicas are recognised, too. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type pg from 'pg';
import { isFromReplica, isPooled, pooledBeginning, prepareConnection } from './pooler.ts';

const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 5_000 };

/** A connection whose server has the process id 7. */
function connection({ processID, isReplica = false }: { processID: number; isReplica?: boolean }) {
  const statements: string[] = [];
  const query = async (asked: string | { readonly text: string }) => {
    statements.push(typeof asked === 'string' ? asked : asked.text);
    return { rows: [{ pid: 7, isReplica }] };
  };
  return { client: { processID, query } as unknown as pg.ClientBase, statements };
}

it('a direct connection keeps its limits in the session', async () => {
  const { client, statements } = connection({ processID: 7 });
  await prepareConnection(client, limits);
  assert.equal(isPooled(client), false);
  assert.match(statements[1] ?? '', /^set statement_timeout = 10000; set lock_timeout = 5000;/);
});

it('behind a pooler, limits belong to each transaction', async () => {
  const { client, statements } = connection({ processID: 4711 });
  await prepareConnection(client, limits);
  assert.equal(isPooled(client), true);
  assert.equal(statements.length, 1);
  assert.match(pooledBeginning('begin', limits), /^begin; set local statement_timeout = 10000; set local lock_timeout = 5000;/);
});

it('a replica is refused when it is connected to, and recognised in the answer to a beginning', async () => {
  await assert.rejects(prepareConnection(connection({ processID: 7, isReplica: true }).client, limits), /takes no writes/);
  assert.equal(isFromReplica([{ rows: [] }, { rows: [{ isReplica: true }] }]), true);
  assert.equal(isFromReplica([{ rows: [] }, { rows: [{ isReplica: false }] }]), false);
  assert.equal(isFromReplica(undefined), false);
});
