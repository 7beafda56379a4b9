/** The feed of errands behind a real NGINX: long poll, events and socket arrive at once, and go on at the other instance without a gap. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { nginxConfiguration } from '#cluster/nginx/configuration.ts';
import { deliver, startFeedInstance } from '#modules/errands/testing/delivery-world.ts';
import { openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { startNginx } from '../../tools/engines/nginx.ts';
import { placeOf } from '../../tools/engines.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('nginx');
const headers = { authorization: 'Bearer kontor_pat_anna' };
/** Through a proxy that held results back, they would come when its buffer is full. */
const soon = { timeoutMs: 30_000, describe: 'results through NGINX' };

describe('the feed of errands behind NGINX', { skip, timeout: 480_000 }, () => {
  it('arrives by poll, events and socket, and goes on at another instance', async (t) => {
    const { deliverMore, instances, url } = await openHouse(t);
    await deliverMore(2);
    const events = followEvents(t, url);
    const socket = followSocket(t, url);
    await until(() => events.ids.length === 2 && socket.ids.length === 2, soon);
    await deliverMore(1);
    await until(() => events.ids.length === 3 && socket.ids.length === 3, soon);

    const polled = fetch(`${url}/api/errands/feed/results?after=3&wait=20`, { headers }).then((answer) => answer.json());
    await deliverMore(1);
    assert.deepEqual(
      ((await polled) as { items: { feed: number }[] }).items.map(({ feed }) => feed),
      [4],
    );

    // The instance goes away that has clients; they go on at the other one.
    const left = instances.find((instance) => instance.clients() > 0) ?? assert.fail('nobody is connected');
    left.drainFeed();
    await left.stop();
    await deliverMore(2);
    await until(() => events.ids.length === 6 && socket.ids.length === 6, soon);
    const all = Array.from({ length: 6 }, (_, index) => index + 1);
    assert.deepEqual([events.ids, socket.ids], [all, all]);
    assert.ok(events.connections() + socket.connections() > 2, 'one of them was at the instance that stopped');
  });
});

async function openHouse(t: TestContext) {
  const state = await temporaryState(t);
  const world = await openErrandsWorld(state);
  await world.customer('anna', 1_000);
  const order = await world.order('anna', 100);
  const instances = [await startFeedInstance(t, state), await startFeedInstance(t, state)];
  let nginx: Awaited<ReturnType<typeof startNginx>> | undefined;
  // Before its folder goes: hooks run in order.
  t.after(() => nginx?.stop());
  nginx = await startNginx({
    folder: temporaryFolder(t),
    softwareFolder: placeOf('nginx').softwareFolder,
    http: (port) =>
      nginxConfiguration({
        listen: `127.0.0.1:${port}`,
        served: [{ path: '/', upstreams: instances.map((instance) => `127.0.0.1:${instance.port}`) }],
      }),
  });
  let delivered = 0;
  const deliverMore = async (count: number) => {
    await deliver(
      world,
      order,
      Array.from({ length: count }, (_, index) => ({ page: `page ${delivered + index}` })),
    );
    delivered += count;
  };
  return { instances, url: nginx.url, deliverMore };
}

/** Connects again with the last id, as browsers do. */
function followEvents(t: TestContext, url: string) {
  const ids: number[] = [];
  let connections = 0;
  let over = false;
  t.after(() => {
    over = true;
  });
  const connect = async (): Promise<void> => {
    connections += 1;
    const last = ids.at(-1) ?? 0;
    const request = get(`${url}/api/errands/feed/events`, { headers: { ...headers, 'last-event-id': String(last) }, agent: false });
    t.after(() => request.destroy());
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    let counted = 0;
    answer.on('data', (chunk) => {
      text += chunk;
      const found = [...text.matchAll(/^event: result\nid: (\d+)\ndata: .*\n\n/gm)].map(([, id]) => Number(id));
      ids.push(...found.slice(counted));
      counted = found.length;
    });
    await new Promise<void>((resolve) => answer.on('close', () => resolve()));
  };
  void (async () => {
    while (!over) await connect().catch(() => {});
  })();
  return { ids, connections: () => connections };
}

/** Connects again after the last number. */
function followSocket(t: TestContext, url: string) {
  const ids: number[] = [];
  let connections = 0;
  let after = 0;
  let over = false;
  let socket: WebSocket;
  const connect = () => {
    connections += 1;
    socket = new WebSocket(`${url.replace('http', 'ws')}/api/errands/feed/socket`, { headers });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', after })));
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const { items = [], next } = JSON.parse(String(data)) as { items?: readonly { feed: number }[]; next: number };
      ids.push(...items.map(({ feed }) => feed));
      after = next;
    });
    socket.on('close', () => {
      if (!over) connect();
    });
  };
  connect();
  t.after(() => {
    over = true;
    socket.terminate();
  });
  return { ids, connections: () => connections };
}
