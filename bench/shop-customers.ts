/** The customers of the shop's benchmark, in a separate process: they check out or read the catalogue, and report the time. */
import { Agent, request } from 'node:http';

export interface FilledCart {
  readonly customer: string;
  readonly expectedTotal: number;
}

export type ShopVisit =
  | { readonly kind: 'checkouts'; readonly port: number; readonly clients: number; readonly carts: readonly FilledCart[] }
  | { readonly kind: 'reads'; readonly port: number; readonly clients: number; readonly path: string; readonly forMs: number };

const shipTo = { name: 'Bench', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };

process.once('message', (work: ShopVisit) => {
  const done = work.kind === 'checkouts' ? checkOutAll(work) : readFor(work);
  void done.then((found) => process.send?.(found, () => process.exit(0)));
});

async function checkOutAll({ port, clients, carts }: ShopVisit & { kind: 'checkouts' }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const waiting = [...carts];
  const timesMs: number[] = [];
  const startedMs = performance.now();
  await atOnce(clients, async () => {
    for (let cart = waiting.pop(); cart !== undefined; cart = waiting.pop()) {
      const { customer, expectedTotal } = cart;
      const beganMs = performance.now();
      const headers = { 'content-type': 'application/json', 'idempotency-key': customer, cookie: `kontor_session=${customer}` };
      const body = JSON.stringify({ payment: 'coins', expectedTotal, shipTo });
      const answer = await send({ port, agent, method: 'POST', path: '/api/shop/checkout', headers }, body);
      if (answer.status !== 201) throw new Error(`a checkout was refused: ${answer.text}`);
      timesMs.push(performance.now() - beganMs);
    }
  });
  return { timesMs, tookMs: performance.now() - startedMs };
}

async function readFor({ port, clients, path, forMs }: ShopVisit & { kind: 'reads' }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const untilMs = performance.now() + forMs;
  let reads = 0;
  await atOnce(clients, async () => {
    while (performance.now() < untilMs) {
      await send({ port, agent, method: 'GET', path, headers: {} });
      reads += 1;
    }
  });
  return { perSecond: reads / (forMs / 1_000) };
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
