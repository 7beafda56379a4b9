/** The log: lines as asked for, and never a secret in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { type LogOptions, openLog } from './log.ts';

function recording(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = openLog({ level: 'debug', format: 'json', destination: { write: (line) => void lines.push(line) }, ...options });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

test('a line is JSON with time, level, fields and message', () => {
  const { log, last } = recording();
  log.info({ company: 'MSFT', batches: 3 }, 'closed batches');
  const { time, ...rest } = last();
  assert.deepEqual(rest, { level: 'info', company: 'MSFT', batches: 3, msg: 'closed batches' });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('levels below the one asked for say nothing; a child adds its fields', () => {
  const { log, lines, last } = recording({ level: 'warn' });
  log.debug({}, 'no');
  log.info({}, 'no');
  assert.equal(lines.length, 0);
  log.child({ role: 'publisher' }).child({ company: 'MSFT' }).warn({}, 'yes');
  assert.equal(last().role, 'publisher');
  assert.equal(last().company, 'MSFT');
});

test('secrets are hidden wherever they hide', () => {
  const { log, lines } = recording();
  const cause = new Error('connect amqp://kontor:hunter2@broker failed');
  const fields = {
    password: 'hunter2',
    nested: { list: [{ apiKey: 'hunter2', headers: { authorization: 'Bearer hunter2', 'set-cookie': ['hunter2'] } }] },
    url: 'postgres://kontor:hunter2@db:5432/kontor',
    err: new KontorError('unavailable', 'postgres://kontor:hunter2@db does not answer', { cause }),
  };
  log.error(fields, 'could not open redis://:hunter2@cache');
  log.child(fields).info({}, 'again');
  for (const line of lines) assert.doesNotMatch(line, /hunter2/);
  assert.match(lines[0] ?? '', /postgres:\/\/kontor:\[hidden\]@db:5432\/kontor/);
});

test('errors keep their kind, code, stack and causes', () => {
  const { log, last } = recording();
  log.error({ err: new KontorError('storage_full', 'no room', { cause: new TypeError('why') }) }, 'failed');
  const { err } = last();
  assert.equal(err.type, 'KontorError');
  assert.equal(err.code, 'storage_full');
  assert.match(err.stack, /log\.test\.ts/);
  assert.equal(err.cause.type, 'TypeError');
});

test('what is deep, long, circular or binary stays within bounds', () => {
  const { log, lines, last } = recording();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  log.info({ circle, body: new Uint8Array(1_000_000), many: Array.from({ length: 10_000 }, () => 'x'), big: 2n ** 70n }, 'bounded');
  assert.ok((lines[0] ?? '').length < 2_000);
  assert.equal(last().body, '[1000000 bytes]');
  assert.equal(last().big, String(2n ** 70n));
});

test('pretty lines are for people', () => {
  const { log, lines } = recording({ format: 'pretty' });
  log.warn({ company: 'MSFT' }, 'lags behind');
  assert.match(lines[0] ?? '', /WARN.*lags behind.*"company":"MSFT"/);
  assert.doesNotMatch(lines[0] ?? '', /^\{/);
});
