/** Requests to the house's REST API: with a time-out, and errors that say what the server said. */

export const requestWithinMs = 10_000;

/** A request that was refused or did not arrive. `status` is 0 when there was no answer. */
export class RequestFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RequestFailure';
    this.status = status;
  }

  /** Whether asking again may help: no answer, too many requests, or a server in trouble. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return request<Answer>(path, { method: 'GET' }, signal);
}

export async function putJson<Answer>(path: string, body: unknown): Promise<Answer> {
  return request<Answer>(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

async function request<Answer>(path: string, init: RequestInit, signal?: AbortSignal): Promise<Answer> {
  const timeout = AbortSignal.timeout(requestWithinMs);
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailure(0, '', error);
  }
  const text = await response.text().catch((error: unknown) => {
    throw new RequestFailure(0, '', error);
  });
  if (!response.ok) throw new RequestFailure(response.status, problemSays(text));
  try {
    return JSON.parse(text) as Answer;
  } catch (error) {
    throw new RequestFailure(response.status, '', error);
  }
}

/** What a problem+json answer says to people, as far as it says anything. */
export function problemSays(text: string): string {
  try {
    const problem = JSON.parse(text) as { title?: unknown; detail?: unknown };
    return [problem.detail, problem.title].find((part): part is string => typeof part === 'string' && part !== '') ?? '';
  } catch {
    return '';
  }
}
