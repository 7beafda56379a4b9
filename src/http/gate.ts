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
  /** Whether every host that a request names is accepted: its `Host`, and those that a trusted proxy forwards. */
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

  function hostAllowed(header: string | undefined): boolean {
    if (acceptsAnyHost) return true;
    const name = hostNameOf(header);
    if (name === undefined) return false;
    if (loopbackNames.has(name) || named.has(name)) return true;
    // A numeric address cannot be rebound, and the probes of orchestrators use it.
    return !isLoopback(host) && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  }

  function requestAllowed({ headers, socket }: IncomingMessage): boolean {
    if (!hostAllowed(headers.host)) return false;
    return !proxyTrusted(socket.remoteAddress ?? '') || forwardedHosts(headers).every(hostAllowed);
  }

  function originAllowed(origin: string | undefined, header: string | undefined): boolean {
    if (origin === undefined) return true;
    if (!URL.canParse(origin)) return false;
    const { host: originHost, hostname } = new URL(origin);
    return originHost === header?.toLowerCase() || named.has(hostname);
  }

  function proxyTrusted(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  return { hostAllowed, requestAllowed, originAllowed, proxyTrusted };
}

/** The client's address: the last one in `X-Forwarded-For` that is not a trusted proxy, otherwise the peer's. */
export function clientAddress(gate: Gate, peer: string, forwardedFor: string | string[] | undefined): string {
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

/** The hosts in `X-Forwarded-Host` and `Forwarded`: read only from trusted proxies. */
function forwardedHosts(headers: IncomingHttpHeaders): readonly string[] {
  const plain = [headers['x-forwarded-host'] ?? []].flat().flatMap((header) => header.split(','));
  const standard = [...(headers.forwarded ?? '').matchAll(/(?:^|[;,\s])host\s*=\s*("[^"]*"|[^;,\s]*)/gi)].map(([, host = '']) => host);
  return [...plain, ...standard].map((host) => host.trim().replace(/^"|"$/g, ''));
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
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
