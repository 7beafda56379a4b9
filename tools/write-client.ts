/** Writes the types of clients/typescript from the API's document: `npm run client`; `npm run docs` does it, too. */
import { writeFile } from 'node:fs/promises';
import type { ApiDocument, Operation, SchemaNode } from '#http/openapi.ts';
import { documentOfContracts } from './api-document.ts';

export const clientPath = 'clients/typescript/api.ts';

export async function clientText(): Promise<string> {
  const document = await documentOfContracts();
  const operations = operationsOf(document);
  const schemas = Object.entries(document.components.schemas);
  const written: Written = new Map();
  return [
    '/** The types of the API of Kontor. Written by tools/write-client.ts from the routes: change those, then run `npm run client`. */',
    '',
    ...schemas.flatMap(([name, schema]) => [
      ...comment(schema.description, ''),
      `export type ${name} = ${typeOf(schema, { written, name, indent: '' })};`,
      '',
    ]),
    '/** By method and path: what each operation takes and answers. */',
    'export interface Operations {',
    ...operations.flatMap(({ name, operation }) => operationLines(name, operation, written)),
    '}',
    '',
    '/** Operations that take a key, which makes them safe to repeat. */',
    'export const keyedOperations: ReadonlySet<string> = new Set<keyof Operations>([',
    ...operations.filter(({ operation }) => isKeyed(operation)).map(({ name }) => `  '${name}',`),
    ']);',
    '',
  ].join('\n');
}

interface Named {
  /** Such as `GET /api/shop/cart`. */
  readonly name: string;
  readonly operation: Operation;
}

/** Streams of events are left out: they need another kind of client. */
function operationsOf({ paths }: ApiDocument): readonly Named[] {
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
    )
    .filter(({ operation }) => operation.responses[200]?.content?.['text/event-stream'] === undefined)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function operationLines(name: string, operation: Operation, written: Written): readonly string[] {
  const { summary, parameters = [], requestBody } = operation;
  const inPlace = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const header = inPlace('header').filter((parameter) => parameter.name !== keyHeader);
  const bodies = Object.entries(requestBody?.content ?? {});
  const place = (part: string, types: number): Place => ({
    written,
    name: types === 1 ? `Operations['${name}']['${part}']` : undefined,
    indent: '    ',
  });
  return [
    ...comment(summary, '  '),
    `  '${name}': {`,
    ...partLines('path', inPlace('path'), written),
    ...partLines('query', inPlace('query'), written),
    ...partLines('headers', header, written),
    ...(bodies.length === 0
      ? []
      : [`    body: ${union(bodies.map(([type, { schema }]) => bodyType(type, schema, place('body', bodies.length))))};`]),
    // The client sends the content type of a body that is text.
    ...(bodies.some(([type]) => type !== jsonType) ? [`    contentType: ${bodies.map(([type]) => `'${type}'`).join(' | ')};`] : []),
    `    answer: ${answerType(operation, place)};`,
    '  };',
  ];
}

const jsonType = 'application/json';
const keyHeader = 'idempotency-key';

function isKeyed({ parameters = [] }: Operation): boolean {
  return parameters.some(({ name }) => name === keyHeader);
}

function partLines(part: string, parameters: NonNullable<Operation['parameters']>, written: Written): readonly string[] {
  if (parameters.length === 0) return [];
  const isOptional = parameters.every(({ required }) => required !== true);
  return [
    `    ${part}${isOptional ? '?' : ''}: {`,
    ...parameters.flatMap(({ name, required, description, schema = {} }) => [
      ...comment(description ?? schema.description, '      '),
      `      ${property(name)}${required === true ? '' : '?'}: ${typeOf(schema, { written, indent: '      ' })};`,
    ]),
    '    };',
  ];
}

function bodyType(mediaType: string, schema: SchemaNode | undefined, place: Place): string {
  return mediaType === jsonType && schema?.type !== 'string' ? typeOnce(schema ?? {}, { ...place, isBody: true }) : 'string';
}

function answerType({ responses }: Operation, place: (part: string, types: number) => Place): string {
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const types = answers.map(([, { content }]) => {
    const [mediaType, first] = Object.entries(content ?? {})[0] ?? [];
    if (mediaType === undefined || first?.schema?.type === 'null') return 'undefined';
    if (mediaType === jsonType) return typeOnce(first?.schema ?? {}, place('answer', answers.length));
    return /^text\/|svg/.test(mediaType) ? 'string' : 'Uint8Array';
  });
  return union(types);
}

/** The names of the long types that are written already, by their schemas. */
type Written = Map<string, string>;

/** Where a type is written. */
interface Place {
  readonly written: Written;
  /** What other types may call it, such as `Order['lines']`; left out where it has no name, as in a union. */
  readonly name?: string | undefined;
  /** Of the lines after the first. */
  readonly indent: string;
  /** In a body, a field that has a default may be left out; in an answer, it is always there. */
  readonly isBody?: boolean;
}

const longLines = 8;

/** A long type is written once, and called by its name after that. */
function typeOnce(schema: SchemaNode, place: Place): string {
  const key = JSON.stringify([{ ...schema, description: undefined }, place.isBody === true]);
  const name = place.written.get(key);
  if (name !== undefined) return name;
  const type = typeOf(schema, place);
  if (place.name !== undefined && type.split('\n').length >= longLines) place.written.set(key, place.name);
  return type;
}

/** The TypeScript of a schema. */
function typeOf(schema: SchemaNode, place: Place): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown';
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map(literal));
  const inUnion = { ...place, name: undefined };
  if (schema.anyOf !== undefined) return union(schema.anyOf.map((choice) => typeOnce(choice, inUnion)));
  const types = [schema.type ?? 'unknown'].flat();
  return union(types.map((type) => plainType(type, schema, types.length === 1 ? place : inUnion)));
}

function plainType(type: string, schema: SchemaNode, place: Place): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'array': {
      const item = typeOnce(schema.items ?? {}, { ...place, name: place.name && `${place.name}[number]` });
      return item.includes('|') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return objectType(schema, place);
    default:
      return 'unknown';
  }
}

function objectType(schema: SchemaNode, place: Place): string {
  const { properties, required = [], patternProperties = {}, additionalProperties } = schema;
  if (properties === undefined || Object.keys(properties).length === 0) {
    const values = Object.values(patternProperties)[0] ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
    return `Record<string, ${typeOnce(values, { ...place, name: undefined })}>`;
  }
  const indent = `${place.indent}  `;
  const lines = Object.entries(properties).flatMap(([name, part]) => {
    const isOptional = !required.includes(name) || (place.isBody === true && part.default !== undefined);
    // The type of a field that may be left out would have undefined in it.
    const partName = place.name && !isOptional ? `${place.name}['${name}']` : undefined;
    return [
      ...comment(part.description, indent),
      `${indent}${property(name)}${isOptional ? '?' : ''}: ${typeOnce(part, { ...place, name: partName, indent })};`,
    ];
  });
  return ['{', ...lines, `${place.indent}}`].join('\n');
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : JSON.stringify(value);
}

function property(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
}

function comment(text: string | undefined, indent: string): readonly string[] {
  return text === undefined ? [] : [`${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', ' ')} */`];
}

if (import.meta.main) await writeFile(new URL(`../${clientPath}`, import.meta.url), await clientText());
