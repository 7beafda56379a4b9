/** A connection to a memcached node, over its text protocol: commands in a row, answers in the same order. */
import { connect, type Socket } from 'node:net';
import { KontorError } from '#core/errors.ts';
import type { MemcachedHost } from './memcached-address.ts';
import { markLength } from './shared-store.ts';

interface Found {
  readonly text: string;
  /** Changes with every change of the item. */
  readonly version: string;
}

type Answer = { readonly line: string; readonly found?: Found };

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

const maxWaiting = 10_000;
const longestTtlSeconds = 30 * 86_400;
const lineEnd = Buffer.from('\r\n');

export class MemcachedNode {
  readonly #host: MemcachedHost;
  #socket: Socket | undefined;
  #waiting: Waiting[] = [];
  #received: Buffer = Buffer.alloc(0);

  constructor(host: MemcachedHost) {
    this.#host = host;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#find(key))?.text;
  }

  async replace(key: string, mark: string, item: string, ttlMs: number): Promise<boolean> {
    const seconds = Math.min(longestTtlSeconds, Math.ceil(ttlMs / 1_000));
    if (mark === '') return this.#store('add', key, item, seconds);
    const found = await this.#find(key);
    return found?.text.slice(0, markLength) === mark && (await this.#store('cas', key, item, seconds, found.version));
  }

  async remove(key: string, mark?: string): Promise<void> {
    if (mark === undefined) {
      await this.#ask(`delete ${key}\r\n`);
      return;
    }
    const found = await this.#find(key);
    // An item that expires at once, because only `cas` looks at the version.
    if (found?.text.slice(0, markLength) === mark) await this.#store('cas', key, '', -1, found.version);
  }

  /** Drops the connection: an answer that comes late must not be taken for another one. */
  reset(reason: string): void {
    this.#end(new KontorError('unavailable', `memcached at ${this.#host.hostname}:${this.#host.port}: ${reason}`));
  }

  async #find(key: string): Promise<Found | undefined> {
    return (await this.#ask(`gets ${key}\r\n`)).found;
  }

  async #store(command: 'add' | 'cas', key: string, item: string, seconds: number, version = ''): Promise<boolean> {
    const bytes = Buffer.byteLength(item);
    const { line } = await this.#ask(`${command} ${key} 0 ${seconds} ${bytes}${version && ` ${version}`}\r\n${item}\r\n`);
    // Others have stored or removed the item meanwhile, or the node has no room for it.
    return line === 'STORED';
  }

  #ask(command: string): Promise<Answer> {
    if (this.#waiting.length >= maxWaiting) return Promise.reject(new KontorError('overloaded', 'too many calls wait for memcached'));
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.push({ resolve, reject });
    this.#socket ??= this.#connect();
    this.#socket.write(command);
    return promise;
  }

  #connect(): Socket {
    const { hostname, port } = this.#host;
    const socket = connect({ host: hostname, port, noDelay: true });
    const ended = (reason: string) => {
      if (this.#socket === socket) this.reset(reason);
    };
    socket.on('error', (error) => ended(error.message));
    socket.on('close', () => ended('the connection ended'));
    socket.on('data', (piece: Buffer) => {
      if (this.#socket === socket) this.#receive(piece);
    });
    // A process must be able to end while the cache is connected.
    socket.unref();
    return socket;
  }

  #end(error: KontorError): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#received = Buffer.alloc(0);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #receive(piece: Buffer): void {
    this.#received = this.#received.length === 0 ? piece : Buffer.concat([this.#received, piece]);
    for (;;) {
      const taken = takeAnswer(this.#received);
      if (taken === undefined) return;
      this.#received = this.#received.subarray(taken.bytes);
      const waiting = this.#waiting.shift();
      if (waiting === undefined || /^(CLIENT_)?ERROR/.test(taken.answer.line)) {
        waiting?.reject(new KontorError('unavailable', `memcached refused a command: ${taken.answer.line}`));
        this.reset('it does not speak the protocol');
        return;
      }
      waiting.resolve(taken.answer);
    }
  }
}

/** The first whole answer; undefined when more has to come. */
function takeAnswer(received: Buffer): { readonly answer: Answer; readonly bytes: number } | undefined {
  const firstEnd = received.indexOf(lineEnd);
  if (firstEnd === -1) return undefined;
  const line = received.toString('latin1', 0, firstEnd);
  const [, length, version = ''] = /^VALUE \S+ \d+ (\d+) (\d+)$/.exec(line) ?? [];
  if (length === undefined) return { answer: { line }, bytes: firstEnd + lineEnd.length };
  const start = firstEnd + lineEnd.length;
  const end = start + Number(length);
  const bytes = end + '\r\nEND\r\n'.length;
  if (received.length < bytes) return undefined;
  return { answer: { line: 'END', found: { text: received.toString('utf8', start, end), version } }, bytes };
}
