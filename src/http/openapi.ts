/** Makes the OpenAPI 3.1 document: from the routes' schemas, completed by tags and problems. */
import { isDeepStrictEqual } from 'node:util';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { type ErrorCode, errorCodes } from '#core/errors.ts';
import type { Access } from './contract.ts';
import { addExamples } from './examples.ts';
import { STATUS_CODES } from './node-http.ts';
import { Problem } from './problems.ts';
import { securitySchemes } from './sessions.ts';
import type { SocketEndpoint } from './types.ts';

export interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { description?: string; content: Content };
  /** Empty for a route that asks nobody who it is. */
  security?: readonly SecurityRequirement[];
  'x-access'?: Access;
  'x-max-body-bytes'?: number;
  responses: Record<string, { description?: string; $ref?: string; content?: Content }>;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: SchemaNode;
  example?: unknown;
}

type Content = Record<string, { schema?: SchemaNode; example?: unknown }>;

/** The scopes that an access token needs, by the name of the scheme; empty for no login. */
type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** The part of a JSON schema that the documentation page shows. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
}

export interface ApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers?: { url: string; description?: string }[];
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, SchemaNode>; responses?: Record<string, unknown>; securitySchemes?: unknown };
  /** An extension, because OpenAPI does not describe sockets. */
  'x-sockets'?: { path: string; description: string }[];
}

const description = `Kontor's HTTP API. Money is whole cents or coins, times are milliseconds since 1970, unless a field says otherwise.

Errors are answered as application/problem+json with a stable \`code\`; where \`Retry-After\` is set, the same request may succeed later.
Every answer has an \`X-Request-Id\`; a request may send its own.

Routes with \`Idempotency-Key\` do a thing once, however often it is sent: make a new key for each new thing, and send the same again
when no answer came. Lists have \`limit\` and \`after\`, and answer with \`next\` until it is null.`;

export function swaggerOptions(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kontor', version, description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/', description: 'The house that serves this document' }],
      components: { securitySchemes },
    },
    // Named schemas keep their names, instead of def-0, def-1 …
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `schema-${index}`),
    },
    convertConstToEnum: false,
  };
}

/** The schema of an answer as its route has it: the plugin takes away the name. */
export interface NamedAnswer {
  readonly method: string;
  /** Such as `/api/shop/orders/{id}`. */
  readonly path: string;
  readonly status: string;
  readonly schemaName: string;
}

/** Completes the document that the plugin generated. */
export function apiDocument(generated: unknown, sockets: readonly SocketEndpoint[], named: readonly NamedAnswer[]): ApiDocument {
  const document = structuredClone(generated) as ApiDocument;
  document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => !path.includes('*')));
  document.components = {
    schemas: { ...document.components?.schemas, Problem: plainSchema(Problem) },
    responses: problemResponses(),
    securitySchemes,
  };
  for (const answer of named) giveName(document, answer);
  for (const [path, operations] of Object.entries(document.paths)) {
    delete operations.head;
    for (const operation of Object.values(operations)) completeOperation(path, operation);
  }
  addExamples(document);
  const names = new Set(
    Object.values(document.paths).flatMap((operations) => Object.values(operations).flatMap((operation) => operation.tags ?? [])),
  );
  document.tags = [...names].sort().map((name) => ({ name }));
  document['x-sockets'] = sockets.map(({ path, says }) => ({ path, description: says }));
  return document;
}

/** Puts the schema among the named ones, unless another one has its name. */
function giveName({ paths, components: { schemas } }: ApiDocument, { method, path, status, schemaName }: NamedAnswer): void {
  const content = paths[path]?.[method]?.responses[status]?.content?.['application/json'];
  if (content?.schema === undefined || content.schema.$ref !== undefined) return;
  schemas[schemaName] ??= content.schema;
  if (isDeepStrictEqual(schemas[schemaName], content.schema)) content.schema = { $ref: `#/components/schemas/${schemaName}` };
}

/** The problems that a route may answer with, and when, beside those in its own schemas. */
const problemOccasions: Readonly<Partial<Record<ErrorCode, (operation: Operation, path: string) => boolean>>> = {
  invalid_input: (operation) => operation.parameters !== undefined || operation.requestBody !== undefined,
  not_found: (operation) => operation.parameters?.some((parameter) => parameter.in === 'path') ?? false,
  conflict: (operation) => operation.requestBody !== undefined,
  too_large: (operation) => operation.requestBody !== undefined,
  unsupported_media: (operation) => operation.requestBody !== undefined,
  unauthenticated: (operation) => operation.security?.length !== 0,
  forbidden: () => true,
  too_many_requests: (_operation, path) => path.startsWith('/api/'),
  internal: () => true,
  overloaded: (_operation, path) => path.startsWith('/api/'),
};

function completeOperation(path: string, operation: Operation): void {
  operation.tags ??= [/^\/api\/([^/{]+)/.exec(path)?.[1] ?? 'house'];
  operation.responses ??= {};
  // Health and documentation.
  operation.security ??= [];
  for (const parameter of operation.parameters ?? []) {
    // Clients may leave out a parameter that has a default.
    if (parameter.schema?.default !== undefined) parameter.required = false;
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? status;
  }
  for (const [code, applies] of Object.entries(problemOccasions)) {
    const { status } = errorCodes[code as ErrorCode];
    if (applies(operation, path)) operation.responses[status] ??= { $ref: `#/components/responses/${code}` };
  }
}

function problemResponses(): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(problemOccasions).map((code) => [
      code,
      {
        description: errorCodes[code as ErrorCode].title,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function plainSchema(schema: object): SchemaNode {
  const { $id: _, ...rest } = JSON.parse(JSON.stringify(schema)) as SchemaNode & { $id?: string };
  return rest;
}
