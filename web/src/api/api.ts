/** Sends requests to the house's REST API, with a timeout. Failures carry the problem that the server answered. */
import { type Call, openClient } from '#http/client.ts';
import type { Contract } from '#http/contract.ts';
import { takeFirstData } from './first-data.ts';

const requestWithinMs = 10_000;

/** A refusal by name, with its values; see refusals/. */
export interface Reason {
  readonly name: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
  readonly reason?: Reason;
}

/** The content of a problem+json answer. */
export interface Said {
  /** In English. */
  readonly message: string;
  readonly code: string;
  readonly reason?: Reason;
  /** The invalid fields. */
  readonly fields: readonly FieldProblem[];
}

/** A request that failed or was refused. `status` is 0 if there was no answer. */
export class RequestFailure extends Error {
  readonly status: number;
  readonly said: Said;

  constructor(status: number, said: Said | string = '', cause?: unknown) {
    const whole = typeof said === 'string' ? { message: said, code: '', fields: [] } : said;
    super(whole.message, { cause });
    this.name = 'RequestFailure';
    this.status = status;
    this.said = whole;
  }

  get fields(): readonly FieldProblem[] {
    return this.said.fields;
  }

  /** Whether a retry may succeed: after no answer, too many requests, or a server error. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

let onUnauthenticated = () => {};

/** Calls `listener` at each answer of 401: the session has expired or was ended elsewhere. */
export function whenUnauthenticated(listener: () => void): void {
  onUnauthenticated = listener;
}

/**
 * A module's API, typed by its contracts: `apiOf<ContractsOf<typeof contracts>>()` with `import type * as contracts`. `withinMs` is
 * for routes that take long.
 */
export function apiOf<All extends Contract>(withinMs = requestWithinMs): Call<All> {
  return openClient((address, { signal, ...init }) => request(address, init, withinMs, signal));
}

async function request(path: string, init: RequestInit, withinMs: number, signal?: AbortSignal): Promise<unknown> {
  const first = init.method === 'GET' ? takeFirstData(path) : undefined;
  if (first !== undefined) return first;
  const timeout = AbortSignal.timeout(withinMs);
  let response: Response;
  try {
    // The language of the page may differ from the browser's.
    const headers = { ...init.headers, 'accept-language': document.documentElement.lang };
    response = await fetch(path, { ...init, headers, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailure(0, '', error);
  }
  const text = await response.text().catch((error: unknown) => {
    throw new RequestFailure(0, '', error);
  });
  if (response.status === 401) onUnauthenticated();
  if (!response.ok) throw new RequestFailure(response.status, problemIn(text));
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestFailure(response.status, '', error);
  }
}

export function problemIn(text: string): Said {
  let problem: Record<string, unknown> | null;
  try {
    problem = JSON.parse(text);
  } catch {
    problem = null;
  }
  const { title, detail, code, reason, errors } = problem ?? {};
  return {
    message: [detail, title].find((part): part is string => typeof part === 'string' && part !== '') ?? '',
    code: typeof code === 'string' ? code : '',
    ...(isReason(reason) ? { reason } : {}),
    fields: Array.isArray(errors) ? errors.filter(isFieldProblem) : [],
  };
}

function isReason(value: unknown): value is Reason {
  const { name, values } = (value ?? {}) as Partial<Reason>;
  return typeof name === 'string' && typeof values === 'object' && values !== null;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  const { field, message } = (value ?? {}) as Partial<FieldProblem>;
  return typeof field === 'string' && typeof message === 'string';
}
