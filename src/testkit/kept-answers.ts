/** Compares a kept answer with what the framework answers: to the same request, once after all that was kept has expired, and once again. */
import assert from 'node:assert/strict';
import type { ManualClock } from './clock.ts';
import type { Answer, TestWebServer } from './web-server.ts';

/** Longer than anything is kept. */
const expiredMs = 60_000;

interface Asking {
  readonly server: Pick<TestWebServer, 'send'>;
  readonly clock: ManualClock;
}

/** Resolves to both. */
export async function assertKeptAsAnswered(
  { server, clock }: Asking,
  path: string,
  request: Parameters<TestWebServer['send']>[1] = {},
): Promise<readonly [framework: Answer, kept: Answer]> {
  await clock.advance(expiredMs);
  const framework = await server.send(path, request);
  const kept = await server.send(path, request);
  assert.deepEqual(shown(kept), shown(framework), `${request.method ?? 'GET'} ${path} ${JSON.stringify(request.headers)}`);
  return [framework, kept];
}

/** All that a client sees, but for what differs from request to request. */
function shown({ status, headers, text }: Answer) {
  const { 'x-request-id': id, date, 'set-cookie': cookie, ...others } = headers;
  assert.match(String(id), /^[0-9a-f-]{16,}$/);
  assert.ok(date !== undefined);
  return { status, others, cookie: cookie?.[0]?.replace(/=[^;]*/, ''), body: text.replace(String(id), 'the id') };
}
