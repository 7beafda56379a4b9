/** Finds a house that runs on this machine, by its address. */
import type { Config } from '#config/options.ts';

const answerTimeoutMs = 2_000;
const maxAnswerBytes = 1_000;

/** Such as `http://127.0.0.1:3000`. */
export function addressOf({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Whether what answers there is a house, and not another program. */
export async function answersAsHouse(address: string): Promise<boolean> {
  try {
    const answer = await fetch(`${address}/livez`, { redirect: 'error', signal: AbortSignal.timeout(answerTimeoutMs) });
    const isSmall = Number(answer.headers.get('content-length') ?? maxAnswerBytes) < maxAnswerBytes;
    const body: unknown = isSmall ? await answer.json() : await answer.body?.cancel();
    return answer.ok && (body as { alive?: unknown } | undefined)?.alive === true;
  } catch {
    return false;
  }
}
