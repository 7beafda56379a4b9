/** The control of the cluster: only for those who have the secret, and only for what is a pull. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { PlugView, ProcessFault } from '#core/plugs.ts';
import { clusterPlugs, faultToHave, nameInCluster, reportFault } from '#house/cluster-plugs.ts';
import { type Controlled, serveControl } from './control-server.ts';

const view: PlugView = {
  choices: [{ kind: 'kill-process', target: 'relay', roles: [], pid: 7 }],
  parts: [{ name: 'relay', kind: 'process', pid: 7, state: 'up', restarts: 0, ready: true, says: 'active' }],
  groups: [],
  events: [],
  pulls: [],
};

async function open(t: TestContext) {
  const asked: string[] = [];
  const fault: ProcessFault = { id: 'one', kind: 'fill-process-disk' };
  const controlled: Controlled = {
    look: async () => view,
    async pull(id, { kind, target }) {
      if (target !== 'relay') throw new KontorError('not_found', 'there is no such part');
      asked.push(`${id} ${kind} ${target}`);
    },
    faultOf: (name) => (name === 'liveview-1' ? fault : undefined),
    reported: (name, id, report) => asked.push(`${name} ${id} ${report}`),
  };
  const server = await serveControl(controlled);
  t.after(() => server.close());
  const control = server.controlOf('liveview-1');
  const { origin, password } = new URL(control);
  const send = async (path: string, secret: string, body?: string) => {
    const options = { headers: { authorization: `Bearer ${secret}` }, ...(body === undefined ? {} : { method: 'POST', body }) };
    return (await fetch(`${origin}${path}`, options)).status;
  };
  return { asked, control, other: server.controlOf('relay'), fault, password, send };
}

describe('the control of the cluster', () => {
  it('tells its processes how all parts are, and pulls what they hand on', async (t) => {
    const { asked, control } = await open(t);
    assert.equal(nameInCluster(control), 'liveview-1');
    const plugs = clusterPlugs(control);
    assert.deepEqual(await plugs.look(), view);
    await plugs.pull('one', { kind: 'kill-process', target: 'relay' });
    assert.deepEqual(asked, ['one kill-process relay']);
    const refused = (error: unknown) => error instanceof KontorError && error.code === 'not_found';
    await assert.rejects(plugs.pull('two', { kind: 'kill-process', target: 'x' }), refused);
  });

  it('tells a process which fault it is to have, and hears of it', async (t) => {
    const { asked, control, other, fault } = await open(t);
    assert.deepEqual(await faultToHave(control), fault);
    assert.equal(await faultToHave(other), undefined);
    await reportFault(control, 'one', 'pulled');
    assert.deepEqual(asked, ['liveview-1 one pulled']);
  });

  it('refuses who does not have the secret, and what is no pull', async (t) => {
    const { asked, password, send } = await open(t);
    for (const secret of ['', 'x', password.slice(1), password.toUpperCase()]) {
      assert.equal(await send('/house', secret), 403);
      assert.equal(await send('/faults/relay', secret), 403);
    }
    assert.equal(await send('/elsewhere', password), 404);
    for (const body of [
      '',
      '[',
      'null',
      '{"id":"a"}',
      '{"id":"a","kind":"rm","target":"relay"}',
      '{"id":1,"kind":"kill-process","target":"relay"}',
    ])
      assert.equal(await send('/pulls', password, body), 400, body);
    for (const body of ['', '{"id":"a"}', '{"id":1,"report":"pulled"}', '{"id":"a","report":"over"}'])
      assert.equal(await send('/faults/relay', password, body), 400, body);
    assert.equal(await send(`/faults/${'x'.repeat(61)}`, password), 404);
    for (const path of ['/pulls', '/faults/relay']) assert.equal(await send(path, password, 'x'.repeat(10_000)), 413);
    assert.deepEqual(asked, []);
  });

  it('may break off in the middle of an answer', async (t) => {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":', () => answer.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => server.close());
    const broken = clusterPlugs(`http://kontor:secret@127.0.0.1:${(server.address() as AddressInfo).port}/relay`);
    await assert.rejects(broken.look(), (error: unknown) => error instanceof KontorError && error.code === 'unavailable');
  });

  it('is gone with the cluster', async (t) => {
    const { control } = await open(t);
    const { port } = new URL(control);
    const gone = clusterPlugs(control.replace(port, '1'));
    await assert.rejects(gone.look(), (error: unknown) => error instanceof KontorError && error.code === 'unavailable');
  });
});
