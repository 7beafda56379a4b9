/** The API's document says what is so: who may call each operation, and examples that its schemas allow. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { bodyText, exampleAddress } from '#http/docs-curl.ts';
import type { ApiDocument, Operation } from '#http/openapi.ts';
import { openWorld, suiteCleanup, type World } from './attacks/world.ts';
import { operationsOf } from './fuzz/requests-from-document.ts';

/** Accesses that ask who calls, outside of a demonstration. */
const askingAccesses = ['account', 'session', 'admin', 'admin-unless-demo', 'trades'];

describe('the API document', () => {
  const cleanup = suiteCleanup();
  let world: World;
  let document: ApiDocument;

  before(async () => {
    world = await openWorld(cleanup, { environment: { DEMO: 'off' } });
    document = (await world.ask('GET', '/api/openapi.json')).json();
  });

  it('has the security of each operation, as its access demands', () => {
    for (const { method, path, operation } of operationsOf(document)) {
      const { security = [], 'x-access': access } = operation;
      const schemes = security.flatMap((requirement) => Object.keys(requirement)).sort();
      const expected = {
        anyone: [],
        account: ['accessToken', 'session'],
        session: ['session'],
        admin: ['accessToken', 'session'],
        'admin-unless-demo': ['accessToken', 'session'],
        trades: ['accessToken', 'session'],
      }[access ?? 'anyone'];
      assert.deepEqual(schemes, expected, `${method} ${path}`);
      const isOptional = security.some((requirement) => Object.keys(requirement).length === 0);
      assert.equal(isOptional, access === 'admin-unless-demo', `${method} ${path}`);
    }
    const shop = operationsOf(document).filter(({ path, operation }) => path.startsWith('/api/shop/') && operation.security?.length !== 0);
    assert.ok(shop.length > 15, 'operations of the shop ask who calls, too');
  });

  it('says 401 where a stranger gets it, and nowhere else', async () => {
    const wrong: string[] = [];
    for (const { method, path, operation } of operationsOf(document)) {
      // Answers that never end; who may open them is tried in test/attacks/scopes.test.ts.
      if (operation.responses[200]?.content?.['text/event-stream'] !== undefined) continue;
      const says401 = operation.responses[401] !== undefined;
      if (says401 !== askingAccesses.includes(operation['x-access'] ?? 'anyone')) wrong.push(`${method} ${path} says 401: ${says401}`);
      // Without a body: who calls is asked before it is read.
      const { status } = await world.ask(method, exampleAddress(path, operation));
      if ((status === 401) !== says401) wrong.push(`${method} ${path} answered ${status}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('has an example of every parameter, body and JSON answer, and each is valid', () => {
    const ajv = new Ajv({ strict: false, useDefaults: true });
    addFormats.default(ajv);
    ajv.addSchema(document, 'document');
    let examples = 0;
    const check = (pointer: string, example: unknown): void => {
      const validate = ajv.compile({ $ref: `document#${encodeURI(pointer)}/schema` });
      assert.ok(example !== undefined && validate(example), `${pointer}: ${JSON.stringify(example)} ${ajv.errorsText(validate.errors)}`);
      examples += 1;
    };
    for (const { method, path, operation } of operationsOf(document)) {
      const begin = `/paths/${escaped(path)}/${method.toLowerCase()}`;
      for (const [index, { example }] of (operation.parameters ?? []).entries()) check(`${begin}/parameters/${index}`, example);
      for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {}))
        check(`${begin}/requestBody/content/${escaped(type)}`, example);
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        const json = content['application/json'];
        if (json !== undefined) check(`${begin}/responses/${status}/content/application~1json`, json.example);
      }
    }
    assert.ok(examples > 300, `${examples}`);
  });

  it('has examples that the house understands', async () => {
    const admin = await world.person('examiner', { role: 'admin', coins: 100 });
    const refused: string[] = [];
    for (const { method, path, operation } of operationsOf(document)) {
      // Those would log out, or ask a server of the internet.
      if (operation.requestBody === undefined || /\/people\/|\/errands\/(orders|preview)/.test(path)) continue;
      const { status, text } = await world.ask(method, exampleAddress(path, operation), { ...exampleRequest(operation), as: admin });
      if (status === 415 || (status === 400 && text.includes('field-'))) refused.push(`${method} ${path}: ${text}`);
    }
    assert.deepEqual(refused, []);
  });
});

function exampleRequest({ parameters = [], requestBody }: Operation) {
  const headers = Object.fromEntries(
    parameters.filter((one) => one.in === 'header' && one.required === true).map(({ name, example }) => [name, String(example)]),
  );
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === undefined) return { headers };
  return { headers: { ...headers, 'content-type': type }, text: bodyText(content?.example) };
}

/** A step of a JSON pointer. */
function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
