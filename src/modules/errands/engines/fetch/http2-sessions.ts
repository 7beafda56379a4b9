/** Sessions of HTTP/2, which many fetches share. */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { readBody } from './read-body.ts';
import { Stopped } from './stopped.ts';
import { type Answer, connectionKey, SessionEnded, type Target } from './target.ts';

const maxSessions = 256;
const idleMs = 10_000;
/** Of all answers of a session together. */
const sessionHeaderBytes = 64 * 1024;

export class Http2Sessions {
  readonly #sessions = new Map<string, ClientHttp2Session>();

  /** Makes a session of a connection that speaks HTTP/2. */
  adopt(key: string, origin: string, socket: TLSSocket): void {
    const known = this.#sessions.get(key);
    if (known !== undefined && isUsable(known)) {
      socket.destroy();
      return;
    }
    const session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: sessionHeaderBytes },
      maxHeaderListPairs: 128,
    });
    const forget = () => {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    };
    // The streams of the session fail with it, and tell.
    session.on('error', forget);
    session.on('goaway', forget);
    session.on('close', forget);
    session.setTimeout(idleMs, () => session.close());
    session.unref();
    this.#sessions.set(key, session);
    const oldest = this.#sessions.size > maxSessions ? this.#sessions.entries().next().value : undefined;
    if (oldest !== undefined) {
      this.#sessions.delete(oldest[0]);
      oldest[1].close();
    }
  }

  find(key: string): ClientHttp2Session | undefined {
    const session = this.#sessions.get(key);
    return session !== undefined && isUsable(session) ? session : undefined;
  }

  /** Throws `Stopped`, or `SessionEnded` when the host has not taken the request. */
  async ask(session: ClientHttp2Session, target: Target): Promise<Answer> {
    const { url, method, headers, body, watch, limits } = target;
    watch.begin('headers');
    const { host, ...others } = headers;
    const stream = session.request(
      { ':method': method, ':path': url.pathname + url.search, ':authority': host, ...others },
      { endStream: body === undefined },
    );
    session.ref();
    watch.onStop(() => stream.close(constants.NGHTTP2_CANCEL));
    if (body !== undefined) stream.end(body);
    try {
      const received = await watch.within(answered(stream));
      const answer = plainHeaders(received);
      if (bytesOf(answer) > limits.headerBytes)
        throw Stopped.failed('headers_too_large', `the headers are longer than ${limits.headerBytes} bytes`);
      watch.begin('body');
      const whole = () => stream.rstCode === constants.NGHTTP2_NO_ERROR;
      const announced = method === 'HEAD' ? undefined : answer['content-length'];
      const bytes = await watch.within(readBody(stream, announced, limits.wireBytes, whole));
      return { status: Number(received[':status']), headers: answer, protocol: 'h2', body: bytes };
    } finally {
      watch.stepDone();
      stream.close(constants.NGHTTP2_CANCEL);
      this.#rest(connectionKey(target), session);
    }
  }

  close(): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  /** A session without requests does not keep the process alive. */
  #rest(key: string, session: ClientHttp2Session): void {
    if (this.#sessions.get(key) === session) session.unref();
  }
}

function isUsable(session: ClientHttp2Session): boolean {
  return !session.closed && !session.destroyed;
}

function answered(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('error', (error: NodeJS.ErrnoException) => reject(asAnswerError(stream, error)));
    stream.once('close', () => reject(asAnswerError(stream, new Error('the stream was closed without an answer'))));
  });
}

function asAnswerError(stream: ClientHttp2Stream, error: Error): Error {
  if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || stream.session?.destroyed !== false) return new SessionEnded(error.message);
  return Stopped.failed('answer_invalid', `the answer of the host is not valid HTTP: ${error.message}`);
}

function plainHeaders(received: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (name.startsWith(':') || value === undefined) continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function bytesOf(headers: Readonly<Record<string, string>>): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
}
