/** The customers of benchmarks over HTTP, in a separate process: they send requests or read a page, and report the time. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** A request of one customer, who sends no other. */
export interface CustomersPost {
  readonly customer: string;
  readonly body: unknown;
}

export type CustomersWork =
  | {
      readonly kind: 'posts';
      readonly port: number;
      readonly clients: number;
      readonly path: string;
      readonly posts: readonly CustomersPost[];
    }
  | {
      readonly kind: 'reads';
      readonly port: number;
      readonly clients: number;
      readonly path: string;
      readonly forMs: number;
      /** Who reads; a stranger if left out. */
      readonly customer?: string;
    };

process.once('message', (work: CustomersWork) => {
  const done = work.kind === 'posts' ? postAll(work) : readFor(work);
  void done.then((found) => process.send?.(found, () => process.exit(0)));
});

async function postAll({ port, clients, path, posts }: CustomersWork & { kind: 'posts' }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const waiting = [...posts];
  const timesMs: number[] = [];
  const startedMs = performance.now();
  await atOnce(clients, async () => {
    for (let post = waiting.pop(); post !== undefined; post = waiting.pop()) {
      const { customer, body } = post;
      const beganMs = performance.now();
      const headers = { 'content-type': 'application/json', 'idempotency-key': customer, cookie: `kontor_session=${customer}` };
      const answer = await send({ port, agent, method: 'POST', path, headers }, JSON.stringify(body));
      if (answer.status !== 201) throw new Error(`a request to ${path} was refused: ${answer.text}`);
      timesMs.push(performance.now() - beganMs);
    }
  });
  return { timesMs, tookMs: performance.now() - startedMs };
}

async function readFor({ port, clients, path, forMs, customer }: CustomersWork & { kind: 'reads' }) {
  const untilMs = performance.now() + forMs;
  const cookie = customer === undefined ? '' : `cookie: kontor_session=${customer}\r\n`;
  const text = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${cookie}\r\n`;
  const timesMs: number[] = [];
  await atOnce(clients, async () => {
    const reader = await openReader(port);
    for (let now = performance.now(); now < untilMs; ) {
      await reader.read(text);
      const after = performance.now();
      timesMs.push(after - now);
      now = after;
    }
    reader.close();
  });
  return { perSecond: timesMs.length / (forMs / 1_000), timesMs };
}

/** One connection that asks again and again. It is much cheaper than an HTTP client, which would be the limit instead of the server. */
async function openReader(port: number) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let answered = Promise.withResolvers<void>();
  let received = 0;
  let expected: number | undefined;
  socket.on('error', (error) => answered.reject(error));
  socket.on('close', () => answered.reject(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    try {
      received += chunk.length;
      expected ??= lengthOf(chunk.subarray(0, 4_096).toString('latin1'));
      if (received === expected) answered.resolve();
      if (received > expected) answered.reject(new Error('the server sent more than it said'));
    } catch (error) {
      answered.reject(error);
    }
  });
  return {
    async read(text: string): Promise<void> {
      answered = Promise.withResolvers();
      received = 0;
      expected = undefined;
      socket.write(text);
      await answered.promise;
    },
    close: () => {
      answered.promise.catch(() => {});
      socket.destroy();
    },
  };
}

/** Of an answer with its head, which comes in one piece. */
function lengthOf(start: string): number {
  const status = start.slice(9, 12);
  const headEnd = start.indexOf('\r\n\r\n');
  const body = /\r\ncontent-length: (\d+)/i.exec(start.slice(0, headEnd + 2))?.[1];
  if (status !== '200' || headEnd < 0 || body === undefined) throw new Error(`the server answered ${start.slice(0, 200)}`);
  return headEnd + 4 + Number(body);
}

async function atOnce(clients: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: clients }, work));
}

interface Sent {
  readonly port: number;
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

function send(options: Sent, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', ...options }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
