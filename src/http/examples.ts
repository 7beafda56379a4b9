/** Examples for the API's documentation: values that the schemas allow, out of the schemas themselves. */
import type { ApiDocument, Operation, SchemaNode } from './openapi.ts';

type Schemas = ApiDocument['components']['schemas'];

/** Gives every parameter, body and JSON answer an example, where it has none of its own. */
export function addExamples({ paths, components: { schemas } }: ApiDocument): void {
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations)) addExamplesTo(operation, schemas);
  }
}

function addExamplesTo(operation: Operation, schemas: Schemas): void {
  for (const parameter of operation.parameters ?? []) {
    const { name, description, schema = {} } = parameter;
    const described = description === undefined ? schema : { description, ...schema };
    parameter.example ??= exampleOf(described, { schemas, name, all: true });
  }
  for (const content of Object.values(operation.requestBody?.content ?? {}))
    content.example ??= content.schema?.examples?.[0] ?? exampleOf(content.schema ?? {}, { schemas, name: '', all: false });
  for (const { content = {} } of Object.values(operation.responses)) {
    const json = content['application/json'];
    if (json?.schema !== undefined) json.example ??= exampleOf(json.schema, { schemas, name: '', all: true });
  }
}

interface Place {
  readonly schemas: Schemas;
  /** Of the field. */
  readonly name: string;
  /** Whether fields that may be left out are shown: in answers, not in bodies. */
  readonly all: boolean;
  readonly depth?: number;
}

const maxDepth = 12;

/** An example of a value that the schema allows. */
function exampleOf(schema: SchemaNode, place: Place): unknown {
  const { depth = 0 } = place;
  const inside = (name = place.name): Place => ({ schemas: place.schemas, name, all: place.all, depth: depth + 1 });
  const target = schema.$ref === undefined ? undefined : place.schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (target !== undefined) return depth > maxDepth ? null : exampleOf(target, inside());
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) {
    const choice = schema.anyOf.find((one) => one.type !== 'null') ?? {};
    return exampleOf(schema.description === undefined ? choice : { description: schema.description, ...choice }, inside());
  }
  const [type] = [schema.type].flat();
  switch (type) {
    case 'integer':
    case 'number':
      return numberFor(schema, place.name);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => exampleOf(schema.items ?? {}, inside(singular(place.name))));
    case 'object':
      return objectFor(schema, place, inside);
    case 'string':
      return textFor(schema, place.name);
    default:
      return {};
  }
}

function objectFor({ properties = {}, required = [], ...schema }: SchemaNode, { all }: Place, inside: (name: string) => Place): object {
  const known = Object.keys(properties);
  const needed = known.filter((name) => all || (required.includes(name) && properties[name]?.default === undefined));
  const names = needed.length < (schema.minProperties ?? 0) ? known : needed;
  const fields = names.map((name) => [name, exampleOf(properties[name] ?? {}, inside(name))] as const);
  const values = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties;
  if (fields.length === 0 && all && typeof values === 'object') fields.push(['name', exampleOf(values, inside('name'))]);
  return Object.fromEntries(fields);
}

/** 2026-11-28T09:00:00Z */
const aMoment = 1_795_856_400_000;

function numberFor({ minimum = -Infinity, maximum = Infinity }: SchemaNode, name: string): number {
  const wanted = /(^at|At|^from|^to|^since|^until)$/.test(name) ? aMoment : 1;
  return Math.min(Math.max(wanted, minimum), maximum);
}

/** What people would write into fields with these names. */
const textsByName: Readonly<Record<string, string>> = {
  name: 'Ada Lovelace',
  givenName: 'Ada',
  familyName: 'Lovelace',
  email: 'ada@example.org',
  password: 'correct horse battery staple',
  currentPassword: 'correct horse battery staple',
  newPassword: 'a much longer and newer password',
  street: 'Hafenstraße 1',
  postcode: '20457',
  city: 'Hamburg',
  url: 'https://example.org/prices',
  address: 'https://example.org/prices',
  code: 'SUMMER10',
  machine: 'workshop-1',
  version: '1.0',
  reason: 'a late parcel',
  memo: 'for the tea',
  aircraft: 'A320',
  'idempotency-key': 'my-request-2026-11-28-1',
  token: '5f1d7e20c6b84a3f9e2b7c4d8a60f1e35f1d7e20c6b84a3f9e2b7c4d8a60f1e3',
};

/** The first that the schema allows is taken. */
const otherTexts = [
  'a text',
  'text',
  'TEXT',
  '5f1d7e20c6b84a3f9e2b7c4d8a60f1e3',
  '5f1d7e20c6b84a3f9e2b7c4d8a60f1e35f1d7e20c6b84a3f9e2b7c4d8a60f1e3',
  '123456',
  'an example of a longer text',
  '2026-11-28',
  'A',
];

function textFor(schema: SchemaNode, name: string): string {
  const { pattern = '', minLength = 0, maxLength = Infinity, description = '' } = schema;
  const form = new RegExp(pattern, 'u');
  // Descriptions name one: "Three letters, such as LIS".
  const [, named = ''] = /such as `?([^\s`,;)]+)/i.exec(description) ?? [];
  const candidates = [named.replace(/\.$/, ''), textsByName[name] ?? '', ...otherTexts];
  const fits = (text: string) => text !== '' && form.test(text) && text.length >= minLength && text.length <= maxLength;
  return candidates.find(fits) ?? 'a'.repeat(minLength || 1);
}

function singular(name: string): string {
  return name.replace(/s$/, '');
}
