/** Requests generated from an OpenAPI document: values that a schema allows, values just outside it, and unexpected ones. */
import fc from 'fast-check';
import type { ApiDocument, Operation, SchemaNode } from '#http/openapi.ts';

export interface MadeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface DocumentedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Existing values by the name of a parameter or field, so that requests also pass the first check. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

const maxDepth = 6;

export function operationsOf(document: ApiDocument): readonly DocumentedOperation[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

export function requestsFor(
  { method, path, operation }: DocumentedOperation,
  document: ApiDocument,
  known: Known,
): fc.Arbitrary<MadeRequest> {
  const make = new Maker(document, known);
  const parameters = fc.tuple(
    ...(operation.parameters ?? []).map(({ name, in: place, required, schema = {} }) =>
      (required === true ? make.value(schema, name) : fc.option(make.value(schema, name), { nil: undefined })).map((value) => ({
        name,
        place,
        value,
      })),
    ),
  );
  return fc.tuple(parameters, make.body(operation)).map(([values, { contentType, body }]) => {
    const query = new URLSearchParams();
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': contentType };
    let address = path;
    for (const { name, place, value } of values) {
      if (value === undefined) continue;
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      if (place === 'path') address = address.replace(`{${name}}`, encodeURIComponent(text.toWellFormed()) || '%20');
      else if (place === 'query') query.append(name, text);
      else headers[name] = text.replaceAll(/[^\x20-\x7e]/g, '?');
    }
    const search = query.size > 0 ? `?${query}` : '';
    return { method, path: address.replaceAll(/\{\w+\}/g, 'missing') + search, headers, body };
  });
}

/** Values that often break programs. */
const wild = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '\0',
    '\ud800',
    "'; drop table shop_order; --",
    '../../etc/passwd',
    '\u202e',
    'NaN',
    '🦑'.repeat(60),
    'x'.repeat(5_000),
  ),
  fc.constantFrom<unknown>(0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, null, true, [], {}, [[]], { __proto__: 1, constructor: {} }),
  fc.jsonValue({ maxDepth: 2 }),
);

class Maker {
  readonly #document: ApiDocument;
  readonly #known: Known;

  constructor(document: ApiDocument, known: Known) {
    this.#document = document;
    this.#known = known;
  }

  body({ requestBody }: Operation): fc.Arbitrary<{ contentType: string; body: string | undefined }> {
    const [contentType = 'application/json', media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    if (media === undefined) return fc.constant({ contentType, body: undefined });
    const broken = fc.constantFrom('{', '', 'null', '[]', '"text"', '{"a":1', '\u0000');
    const made = this.value(media.schema ?? {}, '').map((value) => JSON.stringify(value) ?? 'null');
    return fc.record({
      contentType: fc.oneof(
        { weight: 12, arbitrary: fc.constant(contentType) },
        { weight: 1, arbitrary: fc.constantFrom('text/csv', 'text/plain') },
      ),
      body: fc.oneof({ weight: 10, arbitrary: made }, { weight: 1, arbitrary: broken }),
    });
  }

  /** Mostly values that the schema allows; sometimes existing values, sometimes invalid ones. */
  value(schema: SchemaNode, name: string, depth = 0): fc.Arbitrary<unknown> {
    const known = this.#known[name];
    const allowed = this.#allowed(schema, depth);
    return fc.oneof(
      { weight: 12, arbitrary: allowed },
      { weight: known === undefined ? 0 : 12, arbitrary: fc.constantFrom<unknown>(...(known ?? [''])) },
      { weight: depth > 2 ? 0 : 2, arbitrary: wild },
    );
  }

  #allowed(schema: SchemaNode, depth: number): fc.Arbitrary<unknown> {
    if (schema.$ref !== undefined) {
      const target = this.#document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
      return target === undefined || depth > maxDepth ? fc.constant(null) : this.#allowed(target, depth + 1);
    }
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom<unknown>(...schema.enum);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((choice) => this.#allowed(choice, depth + 1)));
    const [type] = [schema.type].flat();
    switch (type) {
      case 'integer':
        return edgesAnd(
          schema,
          fc.integer({ min: Math.max(schema.minimum ?? -1_000, -(2 ** 31)), max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1) }),
        );
      case 'number':
        return edgesAnd(schema, fc.double({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000, noNaN: true }));
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return fc.array(this.value(schema.items ?? {}, '', depth + 1), { maxLength: Math.min(schema.maxItems ?? 4, 4) });
      case 'object':
        return this.#object(schema, depth);
      default:
        return textFor(schema);
    }
  }

  #object({ properties = {}, required = [] }: SchemaNode, depth: number): fc.Arbitrary<unknown> {
    const model = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, this.value(schema, name, depth + 1)]));
    const whole = fc.record(model, { requiredKeys: required.filter((name) => name in model) });
    return fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: fc.record(model, { requiredKeys: [] }) });
  }
}

function edgesAnd({ minimum, maximum }: SchemaNode, between: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const edges = [minimum, maximum].filter((edge) => edge !== undefined);
  return edges.length === 0 ? between : fc.oneof(between, fc.constantFrom<unknown>(...edges));
}

function textFor({ pattern, format, minLength = 0, maxLength = 40 }: SchemaNode): fc.Arbitrary<unknown> {
  if (format === 'email') return fc.emailAddress();
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, Math.max(maxLength, 1)));
    } catch {
      // A pattern with Unicode classes: any text of letters matches those in use.
      return fc.stringMatching(/^[A-Za-zäöü0-9 ]{2,16}$/);
    }
  }
  return fc.string({ minLength: Math.min(minLength, 100), maxLength: Math.min(Math.max(maxLength, minLength), 100) });
}
