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
    compiled ??= (httpPart === 'body' ? jsonValidator() : textualValidator()).compile(schema);
    const valid = compiled(data) === true;
    validate.errors = compiled.errors ?? null;
    return valid;
  };
  validate.errors = null as ErrorObject[] | null;
  return validate;
};

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
  return withoutConsequences(error.validation)
    .slice(0, maxDetails)
    .map((wrong) => ({ field: fieldOf(wrong), message: adviceFor(wrong), reason: reasonOf(wrong) }));
}

export function validationSentence(error: FailedValidation, details: readonly ErrorDetail[]): string {
  const place = placeNames[error.validationContext] ?? 'the request';
  const [first] = details;
  if (first === undefined) return `Something in ${place} is not valid.`;
  if (details.length === 1) return `In ${place}, ${first.field === '' ? 'the value' : first.field} ${first.message}.`;
  return `In ${place}, ${details.length} fields are not valid: ${details.map((detail) => detail.field).join(', ')}.`;
}

const placeNames: Readonly<Record<RequestPart, string>> = {
  body: 'the body',
  querystring: 'the query',
  params: 'the path',
  headers: 'the headers',
};

/** If none of several alternatives matches, Ajv adds an error for each: the list of alternatives is clearer. */
function withoutConsequences(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  return errors.filter((error) => !choices.some((choice) => choice !== error && error.schemaPath.startsWith(`${choice.schemaPath}/`)));
}

/** `/trades/0/priceCents` → `trades[0].priceCents` */
function fieldOf(error: ErrorObject): string {
  const { missingProperty, additionalProperty } = error.params as { missingProperty?: string; additionalProperty?: string };
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = missingProperty ?? additionalProperty;
  if (last !== undefined) steps.push(last);
  return steps.reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '');
}

interface SchemaPart {
  readonly const?: unknown;
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
      return `must be one of ${(params.allowedValues as readonly unknown[]).map((value) => JSON.stringify(value)).join(', ')}${was}`;
    case 'anyOf':
    case 'oneOf':
      return `must be ${alternatives(error.schema as readonly SchemaPart[])}${was}`;
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

function alternatives(schemas: readonly SchemaPart[]): string {
  const words = schemas.map((schema) => (schema.const === undefined ? typeWords(schema.type) : JSON.stringify(schema.const)));
  const distinct = [...new Set(words)];
  return distinct.join(' or ');
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
