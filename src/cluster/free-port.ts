/** Ports of this machine that no process listens on, and that no other process has chosen to listen on soon. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below the ports that systems assign to outgoing connections, which could take one while its server is down.
 */
const firstPort = 15_000;
const lastPort = 31_000;

/** `wanted` if it is free, so that an engine keeps its address across starts; otherwise another port. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await canListen(wanted))) return wanted;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(firstPort, lastPort);
    if (await reserve(port)) return port;
  }
  throw new Error(`No free port on 127.0.0.1 between ${firstPort} and ${lastPort}.`);
}

export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** Whether this process got the port, if it is free: it has it until it ends, also while nobody listens on it. */
export async function reserve(port: number): Promise<boolean> {
  return (await canListen(port)) && (await holds(port));
}

/** Its port of UDP stands for it, which servers do not use. Where the system does not allow it, nothing is reserved. */
function holds(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => socket.close(() => resolve(error.code !== 'EADDRINUSE')));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
