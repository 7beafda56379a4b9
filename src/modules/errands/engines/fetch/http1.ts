/** One request over HTTP/1.1. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionOptions, Connections } from './connections.ts';
import { request as requestHttp } from './node-http.ts';
import { readBody } from './read-body.ts';
import { Stopped } from './stopped.ts';
import { type Answer, BecameSession, connectionKey, isRedirect, type Target } from './target.ts';

/** Answers that only announce another one: more than this of them is a trick. */
const maxInformation = 8;

/** What is read of a redirect's body, so that its connection can be used again. */
const maxRedirectBytes = 64 * 1024;

/** A kept connection was closed by the host just when it was used again: the request may be sent once more. */
export class StaleConnection extends Error {}

/** The address cannot be connected to: another one of the host may be tried. */
export class NotConnected extends Error {
  readonly reason: 'connect_failed' | 'tls_failed';

  constructor(reason: 'connect_failed' | 'tls_failed', says: string) {
    super(says);
    this.reason = reason;
  }
}

/** Throws `Stopped`, or what is said above. */
export async function askByHttp1(target: Target, connections: Connections): Promise<Answer> {
  const { url, method, headers, body, watch, limits } = target;
  watch.begin('connect');
  const options: ConnectionOptions = {
    agent: connections,
    connectionKey: connectionKey(target),
    target,
    method,
    path: url.pathname + url.search,
    headers,
    setHost: false,
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
  };
  const request = requestHttp(options);
  watch.onStop((why) => request.destroy(why));
  request.end(body);
  let response: IncomingMessage | undefined;
  try {
    response = await watch.within(answered(request, target));
    const received = response;
    watch.begin('body');
    const answer = plainHeaders(received);
    const announced = method === 'HEAD' ? undefined : answer['content-length'];
    const status = received.statusCode ?? 0;
    const maxBytes = isRedirect(status, answer) ? Math.min(maxRedirectBytes, limits.wireBytes) : limits.wireBytes;
    const bytes = await watch.within(readBody(received, announced, maxBytes, () => received.complete)).catch((error: Stopped) => {
      if (error.reason !== 'body_too_large' || !isRedirect(status, answer)) throw error;
      // Where it leads is known, and nobody wants its body.
      request.destroy();
      return Buffer.alloc(0);
    });
    return { status, headers: answer, protocol: 'http/1.1', body: bytes };
  } catch (error) {
    request.destroy();
    throw watch.why ?? error;
  } finally {
    watch.stepDone();
  }
}

function answered(request: ClientRequest, { watch, limits }: Target): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let information = 0;
    request.once('socket', (socket: Socket) => {
      if (!socket.connecting) watch.begin('headers');
      else socket.once('connect', () => watch.begin('headers'));
    });
    request.on('information', () => {
      information++;
      if (information > maxInformation) reject(Stopped.failed('answer_invalid', 'the host only ever announces an answer'));
    });
    request.once('response', resolve);
    request.once('upgrade', (_response, socket: Socket) => {
      socket.destroy();
      reject(Stopped.failed('answer_invalid', 'the host switches to another protocol'));
    });
    request.on('error', (error) => reject(asAnswerError(error, request, watch.phase, limits.headerBytes)));
  });
}

function asAnswerError(error: NodeJS.ErrnoException, request: ClientRequest, phase: string, headerBytes: number): Error {
  if (error instanceof Stopped || error instanceof BecameSession) return error;
  if (phase === 'connect') return new NotConnected(error.syscall === 'connect' ? 'connect_failed' : 'tls_failed', error.message);
  if (error.code === 'HPE_HEADER_OVERFLOW') return Stopped.failed('headers_too_large', `the headers are longer than ${headerBytes} bytes`);
  if (request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return new StaleConnection(error.message);
  return Stopped.failed('answer_invalid', `the host gives no valid answer: ${error.message}`);
}

/** Set-Cookie is of no use to us, and may be long. */
function plainHeaders({ headers: received }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined && name !== 'set-cookie') headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
