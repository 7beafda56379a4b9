/** Measures a process of Kontor on this machine by what its `/metrics` say. */
import { request } from 'node:http';
import type { Load } from './autoscale-rule.ts';

const lookTimeoutMs = 2_000;
const maxAnswerBytes = 8 * 1_024 * 1_024;

/** Counters that only grow while a process lives. */
interface Counted {
  readonly atMs: number;
  readonly coreSeconds: number;
  readonly requestSeconds: number;
}

/** Measures one process again and again: each look tells the average since the one before. */
export class LoadMeter {
  readonly #address: string;
  #last: Counted | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  /** Undefined at the first look, after a restart of the process, and while it does not answer. */
  async look(): Promise<Load | undefined> {
    const before = this.#last;
    this.#last = await count(this.#address).catch(() => undefined);
    if (before === undefined || this.#last === undefined) return undefined;
    const seconds = (this.#last.atMs - before.atMs) / 1_000;
    const cores = (this.#last.coreSeconds - before.coreSeconds) / seconds;
    const requestsInFlight = (this.#last.requestSeconds - before.requestSeconds) / seconds;
    return cores >= 0 && requestsInFlight >= 0 && seconds > 0 ? { cores, requestsInFlight } : undefined;
  }
}

async function count(address: string): Promise<Counted> {
  const { text } = await getOnce(`${address}/metrics`);
  const numberOf = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  return {
    atMs: performance.now(),
    coreSeconds: numberOf('process_cpu_seconds_total'),
    requestSeconds: numberOf('http_requests_in_flight_seconds_total'),
  };
}

/** A request on a connection of its own: one that is kept open would delay a process that drains. */
export function getOnce(url: string): Promise<{ readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, signal: AbortSignal.timeout(lookTimeoutMs) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > maxAnswerBytes) answer.destroy(new Error(`${url} answers more than ${maxAnswerBytes} bytes`));
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
