/** A process of live clients: opens sockets, listens for some seconds, and prints the age of prices on arrival. */
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

/** The output of the process, as one line of JSON. */
export interface LiveClientsFound {
  readonly messages: number;
  readonly bytes: number;
  readonly seconds: number;
  /** The number of prices by their age on arrival: the index is the age in milliseconds. */
  readonly agesOnArrival: readonly number[];
  /** The same for the price that was shown until then. */
  readonly agesWhenReplaced: readonly number[];
}

const maxAgeMs = 10_000;
const opensAtOnce = 50;
/** The measurement starts here: the first seconds, with the snapshots, do not count. */
const warmUpMs = 3_000;

const { values } = parseArgs({
  options: { url: { type: 'string' }, sockets: { type: 'string' }, seconds: { type: 'string' }, hz: { type: 'string' } },
});
const { url = '', sockets = '1', seconds = '10', hz = '4' } = values;

let measuring = false;
let messages = 0;
let bytes = 0;
const agesOnArrival = new Array<number>(maxAgeMs + 1).fill(0);
const agesWhenReplaced = new Array<number>(maxAgeMs + 1).fill(0);
const marker = Buffer.from('"lastAt":');

function count(ages: number[], ageMs: number): void {
  const index = Math.min(maxAgeMs, Math.max(0, Math.round(ageMs)));
  ages[index] = (ages[index] ?? 0) + 1;
}

/** The times of all prices in a message, found in the bytes: parsing 8,000 JSON messages a second would measure the parser. */
function timesIn(data: Buffer): number[] {
  const times: number[] = [];
  for (let at = data.indexOf(marker); at >= 0; at = data.indexOf(marker, at)) {
    at += marker.length;
    times.push(Number(data.toString('latin1', at, at + 13)));
  }
  return times;
}

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let shown: number | undefined;
  socket.on('message', (data: Buffer) => {
    const now = Date.now();
    const times = timesIn(data);
    if (measuring) {
      messages += 1;
      bytes += data.length;
      for (const time of times) count(agesOnArrival, now - time);
      if (shown !== undefined) count(agesWhenReplaced, now - shown);
    }
    shown = times[0] ?? shown;
  });
  socket.on('close', (code) => {
    if (measuring) throw new Error(`a socket was closed with ${code}`);
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'sub', channel: 'market', hz: Number(hz) }));
  return socket;
}

const opened: WebSocket[] = [];
while (opened.length < Number(sockets)) {
  const missing = Math.min(opensAtOnce, Number(sockets) - opened.length);
  opened.push(...(await Promise.all(Array.from({ length: missing }, open))));
}
await setTimeout(warmUpMs);
measuring = true;
const startedMs = performance.now();
await setTimeout(Number(seconds) * 1_000);
measuring = false;
const found: LiveClientsFound = { messages, bytes, seconds: (performance.now() - startedMs) / 1_000, agesOnArrival, agesWhenReplaced };
console.log(JSON.stringify(found));
for (const socket of opened) socket.terminate();
