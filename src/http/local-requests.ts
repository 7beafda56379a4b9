/** Whether a request was made at this machine, and not handed on by a proxy, a tunnel or a load balancer that the house was not told of. */
import type { IncomingMessage } from 'node:http';
import { isLoopback, isLoopbackHost } from './gate.ts';

/**
 * The headers that browsers, the house's own programs and HTTP tools send by themselves. Every proxy has names of its own for what it
 * hands on, and there are new ones each year: so it is these that are known, and any other means that somebody stands in between.
 */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'authorization',
  'baggage',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'dnt',
  'expect',
  'host',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'last-event-id',
  'origin',
  'pragma',
  'priority',
  'purpose',
  'range',
  'referer',
  'save-data',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'x-request-id',
  'x-requested-with',
]);

/** `Sec-…` can be set by browsers only. */
const ownPrefixes = ['access-control-request-', 'sec-'] as const;

export function isFromThisMachine({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  return isLoopbackPeer(socket.remoteAddress) && isLoopbackHost(headers.host) && Object.keys(headers).every(isOwn);
}

/** Anyone can write `Host: localhost`. A server on `::` sees IPv4 peers as `::ffff:127.0.0.1`. */
function isLoopbackPeer(address: string | undefined): boolean {
  return address !== undefined && isLoopback(address.replace(/^::ffff:/, ''));
}

function isOwn(name: string): boolean {
  return ownHeaders.has(name) || ownPrefixes.some((prefix) => name.startsWith(prefix));
}
