/**
 * Who may talk to us: the names we answer to (against DNS rebinding, where a foreign page's own host name is made to point
 * at this machine), the pages that may change something here (against cross-site requests), and whose word we take for a
 * client's address.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { KontorError } from '#core/errors.ts';

export interface Gate {
  /** Whether we answer to the request's `Host` header. */
  hostAllowed(host: string | undefined): boolean;
  /** Whether we answer to every host that a request names: its `Host`, and those that a trusted proxy says were asked for. */
  requestAllowed(request: IncomingMessage): boolean;
  /** Whether a page of this `Origin` may open sockets and change things; no `Origin` means that no foreign page asks. */
  originAllowed(origin: string | undefined, host: string | undefined): boolean;
  /** Whether the peer at this address is a proxy whose `X-Forwarded-For` counts. */
  proxyTrusted(address: string): boolean;
}

export interface GateOptions {
  /** The address we listen on. */
  readonly host: string;
  /** Names, without port, that the house is reached by from elsewhere. */
  readonly allowedHosts: readonly string[];
  /** Addresses or networks (`10.0.0.0/8`) of load balancers in front of us. */
  readonly trustedProxies: readonly string[];
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export function openGate({ host, allowedHosts, trustedProxies }: GateOptions): Gate {
  const named = new Set(allowedHosts.map((name) => name.toLowerCase()));
  // On an outside address, operators who named no hosts take any: the network decides who reaches us.
  const openToAll = !isLoopback(host) && named.size === 0;
  const networks = blockListOf(trustedProxies);

  function hostAllowed(header: string | undefined): boolean {
    if (openToAll) return true;
    const name = hostNameOf(header);
    if (name === undefined) return false;
    if (loopbackNames.has(name) || named.has(name)) return true;
    // A numeric address cannot be rebound to another machine; probes of orchestrators use them.
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

/** The client's address: the last one in `X-Forwarded-For` that no trusted proxy vouches for, else the peer's. */
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

/** What `X-Forwarded-Host` and `Forwarded` say; anybody else's word than a trusted proxy's is read nowhere. */
function forwardedHosts(headers: IncomingHttpHeaders): readonly string[] {
  const plain = [headers['x-forwarded-host'] ?? []].flat().flatMap((header) => header.split(','));
  const standard = [...(headers.forwarded ?? '').matchAll(/(?:^|[;,\s])host\s*=\s*("[^"]*"|[^;,\s]*)/gi)].map(([, host = '']) => host);
  return [...plain, ...standard].map((host) => host.trim().replace(/^"|"$/g, ''));
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `Example.org:3000` → `example.org`; undefined for what is no host. */
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
        `trusted proxy ${JSON.stringify(network)} is no address or network: write it like 10.0.0.7 or 10.0.0.0/8`,
      );
    }
    list.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
