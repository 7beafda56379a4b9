/** The thread that writes the stream's file: calls that arrive together are committed together, and fsync does not block the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant, KontorError } from '#core/errors.ts';
import { SqliteConnection, storageError } from '../sqlite/connection.ts';
import { type Call, callTables, type Reply, type ThreadOptions } from './sqlite-calls.ts';
import { StreamTables } from './sqlite-tables.ts';

/** Limits of a group, which bound the wait of its first call. */
const maxGroupCalls = 512;
const maxGroupBytes = 8 * 1_024 * 1_024;

const port = parentPort;
invariant(port, 'this file runs as a worker thread');
const connection = new SqliteConnection(workerData as ThreadOptions);
const tables = new StreamTables(connection);

const waiting: Call[] = [];
let scheduled = false;

port.on('message', (message: Call | 'close') => {
  if (message === 'close') return close();
  waiting.push(message);
  schedule();
});
port.postMessage('open');

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    commitGroup();
    if (waiting.length > 0) schedule();
  });
}

function commitGroup(): void {
  const group = takeGroup();
  try {
    connection.exec('begin immediate');
    const replies = group.map((call): Reply => ({ id: call.id, value: callTables(tables, call) }));
    connection.exec('commit');
    port?.postMessage(replies);
  } catch (error) {
    connection.rollback();
    const reason = plainError(storageError(error, connection.path));
    port?.postMessage(group.map(({ id }): Reply => ({ id, error: reason })));
  }
}

function takeGroup(): readonly Call[] {
  let bytes = 0;
  const end = waiting.findIndex((call, index) => {
    if (call.method === 'publish') bytes += call.args[2].body.length;
    return index === maxGroupCalls || (index > 0 && bytes > maxGroupBytes);
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

/** Errors lose their class between threads: this sends what is needed to recreate one. */
function plainError(error: unknown): NonNullable<Reply['error']> {
  if (error instanceof KontorError) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function close(): void {
  while (waiting.length > 0) commitGroup();
  connection.close();
  port?.postMessage('closed');
  port?.close();
}
