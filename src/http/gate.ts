/**
 * Which hosts and origins are accepted, and which proxies are trusted. The host check prevents DNS rebinding, where another
 * site's name is pointed at this machine; the origin check prevents cross-site requests.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { KontorError } from '#core/errors.ts';

export interface Gate {
  /** Whether this `Host` header is accepted. */
  hostAllowed(host: string | undefined): boolean;
  /** Whether every host that a request names is accepted, in whichever header, and whether a proxy or the client wrote it. */
  requestAllowed(request: IncomingMessage): boolean;
  /** Whether a page of this `Origin` may open sockets and change state. A request without `Origin` comes from no other site. */
  originAllowed(origin: string | undefined, host: string | undefined): boolean;
  /** Whether the peer at this address is a proxy whose `X-Forwarded-For` is trusted. */
  proxyTrusted(address: string): boolean;
}

export interface GateOptions {
  /** The address that the server listens on. */
  readonly host: string;
  /** Host names, without port, by which other machines reach the house. */
  readonly allowedHosts: readonly string[];
  /** Addresses or networks (`10.0.0.0/8`) of load balancers in front of the house. */
  readonly trustedProxies: readonly string[];
}

export const hostAdvice = 'The house does not accept this host name: use localhost, or start the house with this host in ALLOWED_HOSTS.';
export const originAdvice = 'Pages of other sites may not do this: if the site is yours, start the house with its host in ALLOWED_HOSTS.';

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export function openGate({ host, allowedHosts, trustedProxies }: GateOptions): Gate {
  const named = new Set(allowedHosts.map((name) => name.toLowerCase()));
  // Without configured hosts, a server on a public address accepts any name.
  const acceptsAnyHost = !isLoopback(host) && named.size === 0;
  const networks = blockListOf(trustedProxies);
  const trustsNone = trustedProxies.length === 0;
  /** Almost all requests name the same host. */
  let lastAllowed: string | undefined;

  function hostAllowed(header: string | undefined): boolean {
    if (acceptsAnyHost || (header !== undefined && header === lastAllowed)) return true;
    if (!nameAllowed(header)) return false;
    lastAllowed = header;
    return true;
  }

  function nameAllowed(header: string | undefined): boolean {
    const name = hostNameOf(header);
    if (name === undefined) return false;
    if (loopbackNames.has(name) || named.has(name)) return true;
    // A numeric address cannot be rebound, and the probes of orchestrators use it.
    return !isLoopback(host) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  }

  function requestAllowed(request: IncomingMessage): boolean {
    return (
      hostHeaders(request).every(hostAllowed) &&
      addressedHost(request).every(hostAllowed) &&
      forwardedHosts(request.headers).every(hostAllowed)
    );
  }

  function originAllowed(origin: string | undefined, header: string | undefined): boolean {
    if (origin === undefined) return true;
    if (!URL.canParse(origin)) return false;
    const { host: originHost, hostname } = new URL(origin);
    return originHost === header?.toLowerCase() || named.has(hostname);
  }

  function proxyTrusted(address: string): boolean {
    if (trustsNone) return false;
    const family = isIP(address);
    return family !== 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  return { hostAllowed, requestAllowed, originAllowed, proxyTrusted };
}

/** The client's address: the last one in `X-Forwarded-For` that is not a trusted proxy, otherwise the peer's. */
export function clientAddress(gate: Gate, peer: string, forwardedFor: string | string[] | undefined): string {
  if (!gate.proxyTrusted(peer)) return peer;
  const claimed = [forwardedFor ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => isIP(address) !== 0);
  let address = peer;
  while (gate.proxyTrusted(address)) {
    const previous = claimed.pop();
    if (previous === undefined) break;
    address = previous;
  }
  return address;
}

/** The address of the client that sent a request, behind trusted proxies. */
export function addressOf({ socket, headers }: IncomingMessage, gate: Gate): string {
  return clientAddress(gate, socket.remoteAddress ?? '', headers['x-forwarded-for']);
}

/** `https` if the client came over TLS, to us or to a trusted proxy. */
export function protocolOf({ socket, headers }: IncomingMessage, gate: Gate): string {
  if ('encrypted' in socket) return 'https';
  const forwarded = headers['x-forwarded-proto'];
  if (!forwarded || !gate.proxyTrusted(socket.remoteAddress ?? '')) return 'http';
  return String(forwarded).split(',').at(-1)?.trim() ?? 'http';
}

/** Node keeps the first `Host` only; another server on the way may have taken the last. */
function hostHeaders({ headers, rawHeaders }: IncomingMessage): readonly (string | undefined)[] {
  const all: (string | undefined)[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) if (isHost(rawHeaders[at])) all.push(rawHeaders[at + 1]);
  return all.length === 0 ? [headers.host] : all;
}

function isHost(name: string | undefined): boolean {
  return name?.length === 4 && name.toLowerCase() === 'host';
}

/** The host of a request line with a whole address, as clients send it to proxies. */
function addressedHost({ url = '' }: IncomingMessage): readonly string[] {
  if (url.startsWith('/') || url === '*') return [];
  return [URL.canParse(url) ? new URL(url).host : ''];
}

/** The headers in which proxies and frameworks name the host. */
const forwardedHostHeaders = ['x-forwarded-host', 'x-original-host', 'x-host', 'x-http-host-override'] as const;

function forwardedHosts(headers: IncomingHttpHeaders): readonly string[] {
  if (headers.forwarded === undefined && forwardedHostHeaders.every((name) => headers[name] === undefined)) return [];
  const plain = forwardedHostHeaders.flatMap((name) => [headers[name] ?? []].flat()).flatMap((header) => header.split(','));
  const standard = [...(headers.forwarded ?? '').matchAll(/(?:^|[;,\s])host\s*=\s*("[^"]*"|[^;,\s]*)/gi)].map(([, host = '']) => host);
  return [...plain, ...standard].map((host) => host.trim().replace(/^"|"$/g, ''));
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether a `Host` header names this machine. */
export function isLoopbackHost(header: string | undefined): boolean {
  const name = hostNameOf(header);
  return name !== undefined && loopbackNames.has(name);
}

/** `Example.org:3000` → `example.org`; undefined if the header is not a host. */
function hostNameOf(header: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^:@/\s]+)(:\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase();
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address);
    const bits = family === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : Number(prefix);
    if (family === 0 || !Number.isInteger(length) || length < 0 || length > bits) {
      throw new KontorError(
        'invalid_option',
        `trusted proxy ${JSON.stringify(network)} is not an address or network: write it like 10.0.0.7 or 10.0.0.0/8`,
      );
    }
    list.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
