/** Addresses of memcached: `memcached://host1:11211,host2:11211`. */
import { KontorError } from '#core/errors.ts';

export interface MemcachedHost {
  readonly hostname: string;
  readonly port: number;
}

const maxNodes = 100;
const form = /^memcached:\/\/([^/@?#]+)\/?$/;
const host = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

export function memcachedHosts(url: string): readonly MemcachedHost[] {
  const [, hosts] = form.exec(url) ?? [];
  if (hosts === undefined) throw refused('memcached://HOST:PORT, with more nodes after commas');
  const nodes = hosts.split(',').map((one) => {
    const [, hostname, port = '11211'] = host.exec(one) ?? [];
    if (hostname === undefined || Number(port) < 1 || Number(port) > 65_535) throw refused('HOST or HOST:PORT between the commas');
    return { hostname: hostname.replaceAll(/^\[|\]$/g, ''), port: Number(port) };
  });
  if (nodes.length > maxNodes) throw refused(`at most ${maxNodes} nodes`);
  return nodes;
}

function refused(expected: string): KontorError {
  const message = `the address of the cache is not valid: expected ${expected}`;
  return new KontorError('invalid_option', message, { details: [{ field: 'CACHE_URL', message }] });
}
