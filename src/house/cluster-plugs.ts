/** What this process asks of the process of `kontor cluster up`, which started it: to pull plugs, and what is pulled in this one. */
import { type ErrorCode, errorCodes, KontorError } from '#core/errors.ts';
import type { FaultReport, Plugs, PlugView, ProcessFault } from '#core/plugs.ts';

const timeoutMs = 3_000;

/** The name that the cluster gave to this process. */
export function nameInCluster(control: string): string {
  return new URL(control).pathname.slice(1);
}

export function clusterPlugs(control: string): Plugs {
  const { origin, password } = new URL(control);
  return {
    look: () => ask<PlugView>(`${origin}/house`, password),
    pull: (id, { kind, target }) => ask(`${origin}/pulls`, password, { id, kind, target }),
  };
}

/** The fault that this process is to have now. */
export async function faultToHave(control: string): Promise<ProcessFault | undefined> {
  const { fault } = await ask<{ readonly fault: ProcessFault | null }>(faultUrl(control), new URL(control).password);
  return fault ?? undefined;
}

export async function reportFault(control: string, id: string, report: FaultReport): Promise<void> {
  await ask(faultUrl(control), new URL(control).password, { id, report });
}

function faultUrl(control: string): string {
  return `${new URL(control).origin}/faults/${nameInCluster(control)}`;
}

async function ask<Answer>(url: string, secret: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${secret}`, connection: 'close' };
  const signal = AbortSignal.timeout(timeoutMs);
  const sent = body === undefined ? { headers, signal } : { headers, signal, method: 'POST', body: JSON.stringify(body) };
  const { ok, found } = await answerOf<Answer>(url, sent).catch((error: unknown) => {
    throw new KontorError('unavailable', 'the process of the cluster does not answer', { cause: error });
  });
  if (ok) return found;
  const code = found.code !== undefined && Object.hasOwn(errorCodes, found.code) ? (found.code as ErrorCode) : 'internal';
  throw new KontorError(code, found.message ?? 'the process of the cluster refuses');
}

/** The signal of `sent` ends the wait for the body, too. */
async function answerOf<Answer>(url: string, sent: RequestInit) {
  const answer = await fetch(url, sent);
  return { ok: answer.ok, found: (await answer.json()) as Answer & { readonly code?: string; readonly message?: string } };
}
