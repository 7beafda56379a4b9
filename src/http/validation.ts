/** Validates requests and serialises answers by their schemas. Errors name the invalid field and what is allowed. */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fastJsonStringify, { type Schema } from 'fast-json-stringify';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import type { ErrorDetail, ReasonIn } from '#core/errors.ts';
import type { fieldRefusals } from '#core/house-refusals.ts';
import type { ReasonsOf } from '#core/refusals.ts';

const common: Options = { useDefaults: true, verbose: true, addUsedSchema: false, strictTypes: false };
const jsonMediaType = 'application/json';
let textual: Ajv | undefined;
let json: Ajv | undefined;

/** Schemas are compiled at the first request: compiling all of them would delay the start of the house by half a second. */
export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart, contentType = jsonMediaType }) => {
  // The handler validates other content types; their schemas are for the documentation.
  if (httpPart === 'body' && contentType !== jsonMediaType) return () => true;
  let compiled: ValidateFunction | undefined;
  const validate = (data: unknown): boolean => {
    // Bytes have a schema for the documentation only: their handler checks them.
    if (data instanceof Uint8Array) return true;
    compiled ??= (httpPart === 'body' ? jsonValidator() : textualValidator()).compile(schema);
    const valid = compiled(data) === true;
    const errors = compiled.errors ?? null;
    validate.errors = errors === null || httpPart !== 'body' ? errors : [...missingIn(schema, data, ''), ...errors];
    return valid;
  };
  validate.errors = null as ErrorObject[] | null;
  return validate;
};

/** Validation of JSON stops at the first error, but a client wants to know of every field that it forgot. */
function missingIn(schema: SchemaPart, data: unknown, instancePath: string): readonly ErrorObject[] {
  if (schema.properties === undefined || typeof data !== 'object' || data === null || Array.isArray(data)) return [];
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(data, name));
  return [
    ...missing.map((missingProperty) => ({
      keyword: 'required',
      instancePath,
      schemaPath: '',
      params: { missingProperty },
      parentSchema: schema,
      data,
    })),
    ...Object.entries(schema.properties).flatMap(([name, part]) =>
      missingIn(part, Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : undefined, `${instancePath}/${name}`),
    ),
  ];
}

/** Answers contain only what is in their schema. It is compiled at the first answer. */
export const serializerCompiler: FastifySerializerCompiler<object> = ({ schema }) => {
  let compiled: ((data: unknown) => string) | undefined;
  return (data) => {
    compiled ??= fastJsonStringify(schema as Schema);
    return compiled(data);
  };
};

/** Queries, paths and headers are text, where `"5"` may be a number. They are short, so all errors are reported. */
function textualValidator(): Ajv {
  textual ??= withFormats(new Ajv({ ...common, coerceTypes: 'array', allErrors: true }));
  return textual;
}

/** In JSON, `"5"` is not a number. Validation stops at the first error, because a large body could have very many. */
function jsonValidator(): Ajv {
  json ??= withFormats(new Ajv(common));
  return json;
}

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv);
  return ajv;
}

type RequestPart = 'body' | 'querystring' | 'params' | 'headers';

export interface FailedValidation extends Error {
  readonly validation: readonly ErrorObject[];
  readonly validationContext: RequestPart;
}

export function isFailedValidation(error: unknown): error is FailedValidation {
  return error instanceof Error && Array.isArray((error as { validation?: unknown }).validation);
}

const maxDetails = 20;

export function validationDetails(error: FailedValidation): readonly ErrorDetail[] {
  const details = withoutConsequences(error.validation).map((wrong) => ({
    field: fieldOf(wrong),
    message: adviceFor(wrong),
    reason: reasonOf(wrong),
  }));
  // The field that is missing first is reported twice.
  const byText = new Map(details.map((detail) => [`${detail.field} ${detail.message}`, detail]));
  return [...byText.values()].slice(0, maxDetails);
}

export function validationSentence(error: FailedValidation, details: readonly ErrorDetail[]): string {
  const place = placeNames[error.validationContext] ?? 'the request';
  const [first] = details;
  if (first === undefined) return `Something in ${place} is not valid.`;
  if (details.length === 1) return `In ${place}, ${first.field === '' ? 'the value' : first.field} ${first.message}.`;
  const isMissing = details.every(({ reason }) => reason?.name === 'field-missing');
  return `In ${place}, ${details.length} fields are ${isMissing ? 'missing' : 'not valid'}: ${details.map((detail) => detail.field).join(', ')}.`;
}

const placeNames: Readonly<Record<RequestPart, string>> = {
  body: 'the body',
  querystring: 'the query',
  params: 'the path',
  headers: 'the headers',
};

/**
 * If none of several alternatives matches, Ajv adds an error for each: the list of alternatives is clearer. Where a field such as
 * `kind` says which alternative is meant, its errors are.
 */
function withoutConsequences(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map((error) => ({ error, meant: meantBy(error) }));
  return errors.filter((error) =>
    choices.every((choice) => {
      if (choice.error === error) return choice.meant === undefined;
      if (!error.schemaPath.startsWith(`${choice.error.schemaPath}/`)) return true;
      return choice.meant !== undefined && error.schemaPath.startsWith(`${choice.error.schemaPath}/${choice.meant}/`);
    }),
  );
}

/** The index of the alternative that the value names. */
function meantBy({ schema, data }: ErrorObject): number | undefined {
  const schemas = schema as readonly SchemaPart[];
  const name = distinctionOf(schemas);
  if (name === undefined || typeof data !== 'object' || data === null) return undefined;
  const index = schemas.findIndex(({ properties }) => properties?.[name]?.const === (data as Record<string, unknown>)[name]);
  return index === -1 ? undefined : index;
}

/** The field that tells alternatives apart, such as `kind`: each has a constant of its own there. */
function distinctionOf(schemas: readonly SchemaPart[]): string | undefined {
  const isIn = (name: string) => schemas.every(({ properties }) => properties?.[name]?.const !== undefined);
  return Object.keys(schemas[0]?.properties ?? {}).find(isIn);
}

/** `/trades/0/priceCents` → `trades[0].priceCents` */
function fieldOf(error: ErrorObject): string {
  const { missingProperty, additionalProperty } = error.params as { missingProperty?: string; additionalProperty?: string };
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = missingProperty ?? additionalProperty ?? (error.keyword === 'anyOf' ? distinctionIn(error) : undefined);
  if (last !== undefined) steps.push(last);
  return steps.reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '');
}

function distinctionIn({ schema, data }: ErrorObject): string | undefined {
  return typeof data === 'object' && data !== null ? distinctionOf(schema as readonly SchemaPart[]) : undefined;
}

interface SchemaPart {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
}

function adviceFor(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as SchemaPart;
  const params = error.params as Readonly<Record<string, unknown>>;
  const meaning = schema.description === undefined ? '' : ` (${schema.description})`;
  const was = shownValue(error);
  switch (error.keyword) {
    case 'required': {
      const description = schema.properties?.[String(params.missingProperty)]?.description;
      return description === undefined ? 'is missing' : `is missing (${description})`;
    }
    case 'additionalProperties':
      return `is unknown; known fields are ${Object.keys(schema.properties ?? {}).join(', ') || 'none'}`;
    case 'type':
      if (schema.enum !== undefined) return `must be one of ${valueList(schema.enum)}${was}`;
      return `must be ${typeWords(schema.type)}${was}`;
    case 'minimum':
      return `must be at least ${params.limit}${was}`;
    case 'maximum':
      return `must be at most ${params.limit}${was}`;
    case 'exclusiveMinimum':
      return `must be more than ${params.limit}${was}`;
    case 'exclusiveMaximum':
      return `must be less than ${params.limit}${was}`;
    case 'multipleOf':
      return `must be a multiple of ${params.multipleOf}${was}`;
    case 'minLength':
      return `must have at least ${counted(params.limit, 'character')}`;
    case 'maxLength':
      return `must have at most ${counted(params.limit, 'character')}`;
    case 'minItems':
      return `must have at least ${counted(params.limit, 'item')}`;
    case 'maxItems':
      return `must have at most ${counted(params.limit, 'item')}`;
    case 'pattern':
      return `must match ${params.pattern}${meaning}${was}`;
    case 'format':
      return `must be a valid ${params.format}${was}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}${was}`;
    case 'enum':
      return `must be one of ${valueList(params.allowedValues as readonly unknown[])}${was}`;
    case 'anyOf':
    case 'oneOf':
      return `must be ${alternatives(error.schema as readonly SchemaPart[], distinctionIn(error))}${was}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function reasonOf({ keyword, params }: ErrorObject): ReasonIn<ReasonsOf<typeof fieldRefusals>> {
  switch (keyword) {
    case 'required':
      return { name: 'field-missing', values: {} };
    case 'additionalProperties':
      return { name: 'field-unknown', values: {} };
    case 'minimum':
      return { name: 'field-least', values: { least: params.limit } };
    case 'maximum':
      return { name: 'field-most', values: { most: params.limit } };
    case 'minLength':
    case 'minItems':
      return { name: 'field-short', values: { least: params.limit } };
    case 'maxLength':
    case 'maxItems':
      return { name: 'field-long', values: { most: params.limit } };
    default:
      return { name: 'field-wrong', values: {} };
  }
}

/** Of the field that tells them apart, where there is one. */
function alternatives(schemas: readonly SchemaPart[], distinction: string | undefined): string {
  const parts = distinction === undefined ? schemas : schemas.map(({ properties }) => properties?.[distinction] ?? {});
  const words = parts.map((part) => {
    if (part.enum !== undefined) return valueList(part.enum);
    return part.const === undefined ? typeWords(part.type) : JSON.stringify(part.const);
  });
  return [...new Set(words)].join(' or ');
}

function valueList(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function typeWords(type: string | readonly string[] | undefined): string {
  if (typeof type === 'object') return type.map(typeWords).join(' or ');
  switch (type) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'string':
      return 'a string';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'null':
      return 'null';
    default:
      return 'as documented';
  }
}

function counted(limit: unknown, noun: string): string {
  return `${limit} ${noun}${limit === 1 ? '' : 's'}`;
}

const maxShownCharacters = 60;

/** The invalid value, shortened; nothing for secrets, lists and objects. */
function shownValue(error: ErrorObject): string {
  if (/password|secret|token|recovery/i.test(error.instancePath)) return '';
  if (typeof error.data === 'object' && error.data !== null) return '';
  const text = JSON.stringify(error.data) ?? 'nothing';
  return `; it was ${text.length > maxShownCharacters ? `${text.slice(0, maxShownCharacters)}…` : text}`;
}
