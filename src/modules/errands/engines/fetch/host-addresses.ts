/** Resolves the names of hosts, for a short time once for all fetches, and lets only public addresses through. */
import { promises as dns } from 'node:dns';
import type { Clock } from '#core/ports/clock.ts';
import { literalOf } from '../../domain/fetching/check-address.ts';
import { isPublicAddress } from '../../domain/fetching/public-addresses.ts';
import { Stopped } from './stopped.ts';

/** A name's addresses, in the order in which they are tried. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const keepMs = 10_000;
const maxKept = 4_096;
/** More than this of one name are not looked at. */
const maxAddresses = 64;

const notFound = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

export class HostAddresses {
  readonly #clock: Clock;
  readonly #resolve: Resolve;
  readonly #kept = new Map<string, { readonly untilMs: number; readonly addresses: Promise<readonly string[]> }>();

  constructor(clock: Clock, resolve: Resolve) {
    this.#clock = clock;
    this.#resolve = resolve;
  }

  /** Addresses that may be connected to. Throws `Stopped`. */
  async of(hostname: string, allowed: boolean): Promise<readonly string[]> {
    const literal = literalOf(hostname);
    const addresses = literal === undefined ? await this.#resolved(hostname, allowed) : [literal];
    // One forbidden address among public ones is a trick: which of them is used would be left to chance.
    const forbidden = allowed ? undefined : addresses.find((address) => !isPublicAddress(address));
    if (forbidden !== undefined || addresses.length > maxAddresses)
      throw Stopped.refused('address_forbidden', `${hostname} leads to ${forbidden ?? 'too many addresses'}, which is not in the internet`);
    if (addresses.length === 0) throw Stopped.failed('name_not_found', `there is no host named ${hostname}`);
    return addresses;
  }

  async #resolved(hostname: string, allowed: boolean): Promise<readonly string[]> {
    try {
      return await this.#keptOrAsked(hostname, allowed);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== undefined && notFound.has(code)) throw Stopped.failed('name_not_found', `there is no host named ${hostname}`);
      throw Stopped.failed('resolve_failed', `${hostname} cannot be resolved: ${(error as Error).message}`);
    }
  }

  #keptOrAsked(hostname: string, allowed: boolean): Promise<readonly string[]> {
    // Hosts of the house may be named in /etc/hosts; all others are asked of the DNS.
    const key = `${allowed ? 'house' : 'dns'} ${hostname}`;
    const now = this.#clock.monotonicMs();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.untilMs > now) return kept.addresses;
    const addresses = allowed ? resolveHouse(hostname) : this.#resolve(hostname);
    this.#kept.delete(key);
    this.#kept.set(key, { untilMs: now + keepMs, addresses });
    const oldest = this.#kept.size > maxKept ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    // A failure is not kept.
    addresses.catch(() => this.#kept.delete(key));
    return addresses;
  }
}

async function resolveHouse(hostname: string): Promise<readonly string[]> {
  return (await dns.lookup(hostname, { all: true })).map(({ address }) => address);
}

/** Asks the DNS for IPv4 and IPv6; `servers` are such as `127.0.0.1:5353`, by default those of the machine. */
export function resolveByDns(servers?: readonly string[]): Resolve {
  const resolver = new dns.Resolver({ timeout: 1_500, tries: 3 });
  if (servers !== undefined) resolver.setServers([...servers]);
  return async (name) => {
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    if (ipv4.status === 'rejected' && ipv6.status === 'rejected') {
      throw notFound.has((ipv4.reason as NodeJS.ErrnoException).code ?? '') ? ipv6.reason : ipv4.reason;
    }
    // Many machines have no way to IPv6: it comes last.
    return [...(ipv4.status === 'fulfilled' ? ipv4.value : []), ...(ipv6.status === 'fulfilled' ? ipv6.value : [])];
  };
}
