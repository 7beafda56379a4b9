/** A web server on a free port for tests, and a client that can send requests that browsers and fetch refuse. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { seededRandom } from '#core/seeded-random.ts';
import { startWebServer, type WebServer, type WebServerOptions } from '#http/server.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { type RecordingLog, recordingLog } from './log.ts';
import { silentMetrics } from './metrics.ts';
import type { Cleanup } from './temporary-folder.ts';

export interface TestWebServer extends WebServer {
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  send(path: string, options?: SendOptions): Promise<Answer>;
}

interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** To send more than one request over the same connection. */
  readonly agent?: Agent;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of the answer, and fails when it differs
  json(): any;
}

export async function startTestWebServer(t: Cleanup, options: Partial<WebServerOptions> = {}): Promise<TestWebServer> {
  const clock = manualClock();
  const log = recordingLog();
  const server = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    webs: [],
    ready: () => ({ ready: true, roles: {} }),
    metrics: { metrics: silentMetrics(), contentType: 'text/plain', text: async () => 'up 1\n' },
    clock,
    log,
    random: seededRandom(1),
    version: '0.0.0',
    ...options,
  });
  t.after(() => server.stop());
  return { ...server, clock, log, send: (path, sendOptions) => sendTo(server.port, path, sendOptions) };
}

export function keepingAgent(t: Cleanup): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return agent;
}

/** To a server on 127.0.0.1. */
export function sendTo(port: number, path: string, { method = 'GET', headers = {}, body, agent }: SendOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: () => JSON.parse(text) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends raw bytes to a server on 127.0.0.1; resolves all that was received before the connection closed. */
export function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}
