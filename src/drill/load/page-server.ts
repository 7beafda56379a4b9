/** The pages that errands of a drill fetch: on loopback, and always the same for the same address. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageServer {
  /** Such as `127.0.0.1:4711`. */
  readonly host: string;
  addressOf(key: string): string;
  serves(address: string): boolean;
  hashOf(key: string): string;
  close(): Promise<void>;
}

export async function openPageServer(): Promise<PageServer> {
  const server = createServer((request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(pageOf(request.url?.slice(1) ?? ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    addressOf: (key) => `http://${host}/${key}`,
    serves: (address) => new URL(address).host === host,
    hashOf: (key) => createHash('sha256').update(pageOf(key)).digest('hex'),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pageOf(key: string): string {
  return `The page of ${key}, which is the same whenever it is fetched.\n`;
}
