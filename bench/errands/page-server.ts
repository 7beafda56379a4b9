/** A server of small pages in a process of its own, for all who fetch in the benchmarks of errands. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const pageBytes = 2_048;
const page = `<!doctype html><title>Tea</title><h1>Tea</h1><p class="price">12.50</p><p>${'x'.repeat(pageBytes - 80)}</p>`;
const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(page) };

const server = createServer((request, response) => {
  // Nothing is forbidden to robots.
  if (request.url === '/robots.txt') response.writeHead(404).end();
  else response.writeHead(200, headers).end(page);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
// The bench has ended.
process.on('disconnect', () => process.exit(0));
