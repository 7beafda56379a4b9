/** Data corked several times in one turn is held until the turn ends, and then sent in order. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { GatheringSocket } from './gathering-socket.ts';

it('sends all data of one turn together, and before the end of the socket', async (t) => {
  const received = Promise.withResolvers<string>();
  const server = createServer((socket) => received.resolve(text(socket))).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const socket = new GatheringSocket();
  t.after(() => socket.destroy());
  await once(socket.connect((server.address() as AddressInfo).port, '127.0.0.1'), 'connect');
  for (const statement of ['one ', 'two ']) {
    socket.cork();
    socket.write(statement);
    socket.uncork();
  }
  assert.equal(socket.writableLength, 'one two '.length);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(socket.writableLength, 0);
  socket.cork();
  socket.write('three');
  socket.uncork();
  socket.end();
  assert.equal(await received.promise, 'one two three');
});
