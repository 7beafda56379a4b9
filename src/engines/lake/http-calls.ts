/**
 * HTTP for the engines of the lake: no redirects, one time limit a call, bounded connections and answers. It uses node:http,
 * because `fetch` fails on what an HDFS DataNode answers to a write.
 */
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { maxLakeFileBytes } from '#core/ports/lake.ts';

export interface HttpCall {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface HttpCallsOptions {
  readonly clock: Clock;
  /** The longest that a call may take, for each started `slowestBytesPerMs` of a large body. */
  readonly timeoutMs: number;
}

const maxConnections = 16;
/** A large file gets more time: the lake is given up below a megabyte a second. */
const slowestBytesPerMs = 1_000;

export class HttpCalls {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: maxConnections });
  readonly #secureAgent = new SecureAgent({ keepAlive: true, maxSockets: maxConnections });

  constructor({ clock, timeoutMs }: HttpCallsOptions) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with `timed_out` or `unavailable` when there is no whole answer. */
  async call({ method, url, headers = {}, body }: HttpCall): Promise<HttpAnswer> {
    const settled = new AbortController();
    const options = { method, headers: { ...headers, 'content-length': String(body?.length ?? 0) } };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, agent: this.#secureAgent })
        : requestHttp(url, { ...options, agent: this.#agent });
    const limitMs = this.#timeoutMs + (body?.length ?? 0) / slowestBytesPerMs;
    const late = new KontorError('timed_out', `the lake at ${url.host} did not answer within ${Math.round(limitMs)} ms`);
    let moved = false;
    const watch = async () => {
      do {
        moved = false;
        await this.#clock.sleep(limitMs, settled.signal);
      } while (moved && !settled.signal.aborted);
      if (!settled.signal.aborted) request.destroy(late);
    };
    void watch();
    try {
      return await new Promise<HttpAnswer>((resolve, reject) => {
        request.on('error', reject);
        request.on('response', (response) => {
          // A long answer may take longer, as long as it goes on.
          response.on('data', () => {
            moved = true;
          });
          wholeAnswer(response).then(resolve, reject);
        });
        request.end(body);
      });
    } catch (error) {
      if (error instanceof KontorError) throw error;
      throw new KontorError('unavailable', `the lake at ${url.host} cannot be reached: ${(error as Error).message}`, { cause: error });
    } finally {
      settled.abort('settled');
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }
}

async function wholeAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    // Lists of 1,000 files are far shorter than a file may be.
    if (bytes > maxLakeFileBytes) throw new KontorError('too_large', `the lake's answer is longer than ${maxLakeFileBytes} bytes`);
    pieces.push(piece);
  }
  const expected = response.headers['content-length'];
  if (expected !== undefined && Number(expected) !== bytes) throw new Error(`the answer ended after ${bytes} of ${expected} bytes`);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) };
}
