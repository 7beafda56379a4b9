/** Virtual hosts on the real RabbitMQ: an empty one per test, with access to the admin API. */
import { upEngines } from '../../tools/engines.ts';

export interface RabbitmqPlace {
  readonly url: string;
  readonly port: number;
  /** Calls the admin API for this virtual host, such as `DELETE queues/…/NAME`. */
  admin(method: string, path: string, body?: object): Promise<unknown>;
  remove(): Promise<void>;
}

let places = 0;

/** Requires a server started by `engineFor('rabbitmq')`. */
export async function emptyRabbitmqPlace(): Promise<RabbitmqPlace> {
  const { rabbitmq } = await upEngines(['rabbitmq']);
  const { url = '', environment = {} } = rabbitmq ?? {};
  const adminUrl = new URL(environment.RABBITMQ_ADMIN_URL ?? '');
  const authorization = `Basic ${Buffer.from(`${adminUrl.username}:${adminUrl.password}`).toString('base64')}`;
  places += 1;
  const name = `kontor-test-${process.pid}-${places}`;

  async function admin(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(new URL(`/api/${path}`, adminUrl.origin), {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`RabbitMQ's admin API answered ${response.status} to ${method} ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  await admin('PUT', `vhosts/${name}`, {});
  await admin('PUT', `permissions/${name}/${decodeURIComponent(adminUrl.username)}`, { configure: '.*', write: '.*', read: '.*' });
  return {
    url: `${url}/${name}`,
    port: Number(new URL(url).port),
    admin: (method, path, body) => admin(method, path.replace('VHOST', name), body),
    remove: async () => void (await admin('DELETE', `vhosts/${name}`)),
  };
}
