/** JSON bodies and lines are checked against their limits before they are parsed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startTestWebServer } from '#testkit/web-server.ts';
import { type Line, readLines } from './body-lines.ts';
import { jsonExcess } from './json-body.ts';
import { jsonLimits } from './limits.ts';

const { depth, values, lineBytes, lines } = jsonLimits;

test('depth and values are counted up to their limits, outside of strings', () => {
  assert.equal(jsonExcess('['.repeat(depth) + ']'.repeat(depth)), undefined);
  assert.equal(jsonExcess('{"a":'.repeat(depth + 1)), `is nested deeper than ${depth} levels`);
  assert.equal(jsonExcess(`[${'1,'.repeat(values - 2)}1]`), undefined);
  assert.match(jsonExcess(`[${'1,'.repeat(values)}1]`) ?? '', /^holds more than 20000 values/);
  for (const text of ['[[['.repeat(depth), ',{'.repeat(values), '\\"[['.repeat(depth), `${'\\\\'.repeat(9)}`, '\\\\\\"'.repeat(values)])
    assert.equal(jsonExcess(`{"a":"${text}"}`), undefined);
  assert.notEqual(jsonExcess(`["\\\\"${',[]'.repeat(values)}]`), undefined, 'the string ends after an escaped backslash');
  assert.equal(jsonExcess('{"not closed'), undefined);
});

test('whatever a string holds, what comes after it is counted', () => {
  const strings = fc.string({ unit: fc.constantFrom('\\', '"', '[', '}', ',', 'a', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(strings, (held) => {
      const many = (count: number) => jsonExcess(`{${JSON.stringify(held)}:[${JSON.stringify(held)}${',1'.repeat(count - 4)}]}`);
      assert.equal(many(values), undefined);
      assert.match(many(values + 2) ?? '', /^holds more than/);
    }),
  );
});

test('what is not JSON ends the count where the parser ends, too', () => {
  for (const text of [']'.repeat(depth), '"'.repeat(8 * values), `${'"" '.repeat(4 * values)}`]) {
    assert.equal(jsonExcess(`${text}${',1'.repeat(2 * values)}`), undefined);
    assert.throws(() => JSON.parse(text), SyntaxError);
  }
});

test('every route refuses a body with too much depth or too many values, and names the limit', async (t) => {
  const server = await startTestWebServer(t, { webs: [{ routes: (scope) => void scope.post('/api/any', () => 'taken') }] });
  const send = (body: string) => server.send('/api/any', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal((await send('[[1]]')).status, 200);
  const deep = await send('['.repeat(60_000));
  assert.deepEqual([deep.status, deep.json().detail], [413, `The body is nested deeper than ${depth} levels.`]);
  assert.equal((await send(`[${'1,'.repeat(values)}1]`)).status, 413);
  assert.equal((await send('{"__proto__":{"admin":true}}')).status, 400);
});

async function linesIn(chunks: readonly string[], maxBytes = 1_000_000): Promise<readonly Line[]> {
  const source = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  })();
  return Array.fromAsync(readLines(source, maxBytes));
}

test('lines may be split over chunks, and the last needs no newline', async () => {
  assert.deepEqual(await linesIn(['{"a"', ':1}\r\n2', '\n\n', ' 3 ']), [
    { number: 1, text: '{"a":1}', value: { a: 1 } },
    { number: 2, text: '2', value: 2 },
    { number: 4, text: '3', value: 3 },
  ]);
  assert.deepEqual(await linesIn([]), []);
});

test('lines beyond the limits are refused', async () => {
  await assert.rejects(linesIn(['1\n2\n'], 3), { code: 'too_large', message: /at most 3 bytes/ });
  await assert.rejects(linesIn(['1\n', 'x'.repeat(lineBytes), 'y']), { code: 'too_large', message: /^Line 2 has more than 65536 bytes/ });
  await assert.rejects(linesIn(['\n'.repeat(lines + 1)]), { code: 'too_large', message: /more than 100000 lines/ });
  await assert.rejects(linesIn(['1\n"\xff"']), { code: 'invalid_input', message: /^Line 2 is not UTF-8/ });
  const [deep] = await linesIn(['['.repeat(depth + 1)]);
  assert.ok(deep !== undefined && 'problem' in deep && deep.problem === `is nested deeper than ${depth} levels`);
});
