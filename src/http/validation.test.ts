/** The errors for requests that do not match their schema. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TSchema, Type } from 'typebox';
import { type FailedValidation, validationDetails, validationSentence, validatorCompiler } from './validation.ts';

type HttpPart = 'body' | 'querystring' | 'params' | 'headers';

function failed(httpPart: HttpPart, schema: TSchema, value: unknown): FailedValidation {
  const validate = validatorCompiler({ schema, httpPart, method: 'POST', url: '/' }) as ((data: unknown) => boolean) & { errors: [] };
  assert.equal(validate(value), false, 'it must be invalid');
  return Object.assign(new Error('invalid'), { validation: validate.errors, validationContext: httpPart });
}

function detailsOf(httpPart: HttpPart, schema: TSchema, value: unknown) {
  return validationDetails(failed(httpPart, schema, value)).map(({ field, message }) => ({ field, message }));
}

test('each kind of error names the field, what is allowed, and the value', () => {
  const cases: readonly [TSchema, unknown, string][] = [
    [Type.Integer(), 1.5, 'must be a whole number; it was 1.5'],
    [Type.Number(), 'x', 'must be a number; it was "x"'],
    [Type.String(), 5, 'must be a string; it was 5'],
    [Type.Boolean(), 'yes', 'must be true or false; it was "yes"'],
    [Type.Integer({ minimum: 1 }), 0, 'must be at least 1; it was 0'],
    [Type.Integer({ maximum: 9 }), 10, 'must be at most 9; it was 10'],
    [Type.Number({ exclusiveMinimum: 0 }), 0, 'must be more than 0; it was 0'],
    [Type.Integer({ multipleOf: 5 }), 7, 'must be a multiple of 5; it was 7'],
    [Type.String({ minLength: 1 }), '', 'must have at least 1 character'],
    [Type.String({ maxLength: 2 }), 'abc', 'must have at most 2 characters'],
    [Type.Array(Type.Integer(), { maxItems: 1 }), [1, 2], 'must have at most 1 item'],
    [Type.String({ pattern: '^[A-Z]+$', description: 'Upper-case code' }), 'abc', 'must match ^[A-Z]+$ (Upper-case code); it was "abc"'],
    [Type.String({ format: 'date' }), 'soon', 'must be a valid date; it was "soon"'],
    [Type.Literal('max'), 'min', 'must be "max"; it was "min"'],
    [Type.Enum(['buy', 'sell']), 'hold', 'must be one of "buy", "sell"; it was "hold"'],
    [Type.Enum(['buy', 'sell']), 5, 'must be one of "buy", "sell"; it was 5'],
    [Type.Union([Type.Enum(['buy', 'sell']), Type.Null()]), 'hold', 'must be "buy", "sell" or null; it was "hold"'],
    [Type.Union([Type.Literal('1s'), Type.Literal('1m')]), '5m', 'must be "1s" or "1m"; it was "5m"'],
    [Type.Union([Type.Number({ minimum: 0 }), Type.Literal('max')]), 'fast', 'must be a number or "max"; it was "fast"'],
    [Type.Array(Type.Integer()), { a: 1 }, 'must be a list'],
  ];
  for (const [schema, value, message] of cases) {
    assert.deepEqual(detailsOf('body', Type.Object({ field: schema }), { field: value }), [{ field: 'field', message }]);
  }
});

test('each error has a reason that clients can translate', () => {
  const cases: readonly [TSchema, unknown, object][] = [
    [Type.Integer({ minimum: 1 }), 0, { name: 'field-least', values: { least: 1 } }],
    [Type.Integer({ maximum: 9 }), 10, { name: 'field-most', values: { most: 9 } }],
    [Type.String({ minLength: 2 }), 'a', { name: 'field-short', values: { least: 2 } }],
    [Type.Array(Type.Integer(), { maxItems: 1 }), [1, 2], { name: 'field-long', values: { most: 1 } }],
    [Type.String({ pattern: '^[A-Z]+$' }), 'abc', { name: 'field-wrong', values: {} }],
    [Type.String(), undefined, { name: 'field-missing', values: {} }],
  ];
  for (const [schema, value, reason] of cases) {
    const body = value === undefined ? {} : { field: value };
    assert.deepEqual(validationDetails(failed('body', Type.Object({ field: schema }), body))[0]?.reason, reason);
  }
});

test('missing and unknown fields are named', () => {
  const schema = Type.Object(
    { name: Type.String({ description: 'What to call it' }), size: Type.Optional(Type.Integer()) },
    { additionalProperties: false },
  );
  assert.deepEqual(detailsOf('body', schema, {}), [{ field: 'name', message: 'is missing (What to call it)' }]);
  assert.deepEqual(detailsOf('body', schema, { name: 'x', nmae: 'y' }), [
    { field: 'nmae', message: 'is unknown; known fields are name, size' },
  ]);
});

test('all missing fields are named, also those of parts', () => {
  const part = Type.Object({ city: Type.String(), street: Type.String() });
  const schema = Type.Object({ total: Type.Integer(), shipTo: part, note: Type.String(), billTo: Type.Optional(part) });
  const fields = (value: unknown) => detailsOf('body', schema, value).map(({ field }) => field);
  assert.deepEqual(fields({ shipTo: { city: 'x' } }), ['total', 'note', 'shipTo.street']);
  assert.deepEqual(fields({}), ['total', 'shipTo', 'note']);
  const wrong = failed('body', schema, {});
  assert.equal(validationSentence(wrong, validationDetails(wrong)), 'In the body, 3 fields are missing: total, shipTo, note.');
  assert.deepEqual(fields({ total: 1, shipTo: [], note: 'x' }), ['shipTo'], 'a list has no fields');
});

test('of alternatives, the one that is meant is judged, and else those that there are', () => {
  const once = Type.Object({ kind: Type.Literal('once') });
  const every = Type.Object({ kind: Type.Literal('every'), seconds: Type.Integer({ minimum: 10 }) });
  const schema = Type.Object({ repeat: Type.Union([once, every]) });
  assert.deepEqual(detailsOf('body', schema, { repeat: { kind: 'every', seconds: 1 } }), [
    { field: 'repeat.seconds', message: 'must be at least 10; it was 1' },
  ]);
  assert.deepEqual(detailsOf('body', schema, { repeat: { kind: 'evry' } }), [
    { field: 'repeat.kind', message: 'must be "once" or "every"' },
  ]);
  assert.deepEqual(detailsOf('body', schema, { repeat: 5 }), [{ field: 'repeat', message: 'must be an object; it was 5' }]);
});

test('fields inside lists and objects are named by their path', () => {
  const schema = Type.Object({ trades: Type.Array(Type.Object({ 'price/cents': Type.Integer() })) });
  assert.deepEqual(
    detailsOf('body', schema, { trades: [{ 'price/cents': 1 }, { 'price/cents': 'x' }] })[0]?.field,
    'trades[1].price/cents',
  );
});

test('queries are converted and all their errors reported; bodies are neither', () => {
  const schema = Type.Object({ limit: Type.Integer(), after: Type.Integer() });
  const query = { limit: '5', after: '7' };
  const validate = validatorCompiler({ schema, httpPart: 'querystring', method: 'GET', url: '/' }) as (data: unknown) => boolean;
  assert.ok(validate(query));
  assert.deepEqual(query, { limit: 5, after: 7 });
  assert.equal(detailsOf('querystring', schema, { limit: 'x', after: 'y' }).length, 2);
  assert.equal(detailsOf('body', schema, { limit: '5', after: '7' }).length, 1);
});

test('a body with a hundred thousand errors reports one', () => {
  const wrong = Array.from({ length: 100_000 }, () => 'x');
  assert.equal(failed('body', Type.Array(Type.Integer()), wrong).validation.length, 1);
});

test('errors are reported up to a limit', () => {
  const schema = Type.Object(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`field${index}`, Type.Integer()])));
  assert.equal(detailsOf('querystring', schema, {}).length, 20);
});

test('secrets and long values are not repeated', () => {
  const secret = detailsOf('body', Type.Object({ password: Type.String({ pattern: '^.{12,}$' }) }), { password: 'hunter2' });
  assert.doesNotMatch(JSON.stringify(secret), /hunter2/);
  const [long] = detailsOf('body', Type.Object({ name: Type.Integer() }), { name: 'x'.repeat(5_000) });
  assert.ok(long !== undefined && long.message.length < 150);
});

test('the sentence names the part of the request, and the error if there is only one', () => {
  const one = failed('params', Type.Object({ id: Type.Integer() }), { id: 'x' });
  assert.equal(validationSentence(one, validationDetails(one)), 'In the path, id must be a whole number; it was "x".');
  const two = failed('querystring', Type.Object({ a: Type.Integer(), b: Type.Integer() }), {});
  assert.equal(validationSentence(two, validationDetails(two)), 'In the query, 2 fields are missing: a, b.');
});
