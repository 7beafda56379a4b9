/**
 * A proxy for MongoDB's wire protocol: for each command, a test decides whether the server gets it and whether the client gets
 * the answer. It simulates elections and lost connections at any point, on a server that has neither.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { BSON } from 'mongodb';

interface Command {
  /** Such as `insert`, `update`, `find`. */
  readonly name: string;
  readonly collection: string;
  readonly writes: boolean;
  readonly body: BSON.Document;
}

/**
 * `pass`; cut the connection `before` or `after` the server runs the command; stay `silent` after it; or give this answer,
 * `instead` of running it, or `after` it.
 */
export type Fate =
  | 'pass'
  | 'cut before'
  | 'cut after'
  | 'silent'
  | { readonly instead: BSON.Document }
  | { readonly after: (answer: BSON.Document) => BSON.Document };

export interface MongodbProxy {
  readonly url: string;
  /** Decides on every command except those with which the driver checks its connections. */
  decide: (command: Command) => Fate | Promise<Fate>;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const opMessage = 2013;
const headBytes = 16;
const housekeeping = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'endSessions', 'killCursors']);
const writing = new Set(['insert', 'update', 'delete', 'findAndModify']);

export async function mongodbProxy(targetUrl: string): Promise<MongodbProxy> {
  const targetPort = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  const proxy: MongodbProxy = {
    url: '',
    decide: () => 'pass',
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((client) => {
    const target = connect({ host, port: targetPort });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
    void carry(client, target, (command) => proxy.decide(command))
      .catch(() => undefined)
      .finally(() => client.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  return Object.assign(proxy, { url: `mongodb://${host}:${(server.address() as AddressInfo).port}/?directConnection=true` });
}

/** One command and one answer at a time, as on a connection to MongoDB. */
async function carry(client: Socket, target: Socket, decide: (command: Command) => Fate | Promise<Fate>): Promise<void> {
  const answers = messagesOf(target);
  for await (const message of messagesOf(client)) {
    const command = commandIn(message);
    const fate = command === undefined || housekeeping.has(command.name) ? 'pass' : await decide(command);
    if (fate === 'cut before') return;
    if (typeof fate === 'object' && 'instead' in fate) {
      client.write(answerTo(message, fate.instead));
      continue;
    }
    target.write(message);
    const { value: answer, done } = await answers.next();
    if (done || fate === 'cut after') return;
    if (fate === 'silent') continue;
    client.write(typeof fate === 'object' ? answerTo(message, fate.after(bodyOf(answer))) : answer);
  }
}

async function* messagesOf(socket: Socket): AsyncGenerator<Buffer, void> {
  let held = Buffer.alloc(0);
  for await (const piece of socket) {
    held = Buffer.concat([held, piece as Buffer]);
    while (held.length >= headBytes && held.length >= held.readInt32LE(0)) {
      const length = held.readInt32LE(0);
      yield held.subarray(0, length);
      held = held.subarray(length);
    }
  }
}

/** Undefined for the older kind of message with which the driver opens a connection. */
function commandIn(message: Buffer): Command | undefined {
  if (message.readInt32LE(12) !== opMessage) return undefined;
  const body = bodyOf(message);
  const [[name, collection] = ['', '']] = Object.entries(body);
  return { name, collection: String(name === 'getMore' ? body.collection : collection), writes: writing.has(name), body };
}

/** After the flags and the kind of the first section, which is always the body. */
function bodyOf(message: Buffer): BSON.Document {
  const start = headBytes + 5;
  return BSON.deserialize(message.subarray(start, start + message.readInt32LE(start)));
}

function answerTo(request: Buffer, document: BSON.Document): Buffer {
  const body = BSON.serialize(document);
  const head = Buffer.alloc(headBytes + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(request.readInt32LE(4), 8);
  head.writeInt32LE(opMessage, 12);
  return Buffer.concat([head, body]);
}
