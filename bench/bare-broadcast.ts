/** The limit for a live view: a bare `ws` server in a separate process that only sends ready-made frames. */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { type WebSocket, WebSocketServer } from 'ws';

const beatMs = 25;

const { values } = parseArgs({ options: { bytes: { type: 'string' }, hz: { type: 'string' }, prices: { type: 'string' } } });
const { bytes = '4000', hz = '4', prices = '12' } = values;
const beatsPerPeriod = Math.round(1_000 / Number(hz) / beatMs);

const sockets: WebSocket[] = [];
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => sockets.push(socket));
server.on('listening', () => console.log(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`));

/** As many prices as the house's frames have, each with the current time. */
function frame(): Buffer {
  const text = `"lastAt":${Date.now()},`.repeat(Number(prices));
  return Buffer.from(text.padEnd(Number(bytes), 'x'));
}

let beat = 0;
setInterval(() => {
  beat += 1;
  const data = frame();
  // Each socket once a period, spread over its beats: sending all at once would delay the last ones.
  for (let index = beat % beatsPerPeriod; index < sockets.length; index += beatsPerPeriod) sockets[index]?.send(data, { binary: false });
}, beatMs);
