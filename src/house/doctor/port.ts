/** What `kontor doctor` says of the port: free, taken by a house, or taken by something else. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '#config/options.ts';
import { addressOf, answersAsHouse } from '../running.ts';
import { type Finding, good, reasonOf, wrong } from './finding.ts';

export async function portFinding({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Finding> {
  if (port === 0) return good('port', 'any free one is taken at the start (PORT=0)');
  const failure = await listenOnce(host, port);
  if (failure === undefined) return good('port', `port ${port} on ${host} is free`);
  switch (failure.code) {
    case 'EADDRINUSE':
      if (await answersAsHouse(addressOf({ host, port }))) return good('port', `a house is open at ${addressOf({ host, port })}`);
      return wrong(
        'port',
        `port ${port} on ${host} is in use by another program`,
        `stop that program, or choose another port, such as PORT=${port === 65_535 ? 3000 : port + 1}`,
      );
    case 'EACCES':
      return wrong('port', `port ${port} needs privileges that this user does not have`, 'choose a port above 1023, such as PORT=3000');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return wrong('port', `${host} is not an address of this machine`, 'choose another, such as HOST=127.0.0.1');
    default:
      return wrong('port', `port ${port} on ${host} cannot be used: ${reasonOf(failure)}`, 'choose another with PORT and HOST');
  }
}

async function listenOnce(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  server.close();
  await once(server, 'close');
  return undefined;
}
