/** Fills in kontor.conf.template: NGINX's address, and the processes of Kontor behind it. */
import { readFileSync } from 'node:fs';

export interface NginxOptions {
  /** Such as `127.0.0.1:3000`. */
  readonly listen: string;
  /** Host and port of each process; at least two for failover. */
  readonly upstreams: readonly string[];
  /** Proxies in front of this NGINX whose X-Forwarded-For is trusted, as addresses or networks. */
  readonly trustedProxies?: readonly string[];
}

const address = /^[A-Za-z0-9._:[\]-]+:\d{1,5}$/;
const network = /^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/;

/** The contents of the http block. */
export function nginxConfiguration({ listen, upstreams, trustedProxies = [] }: NginxOptions): string {
  for (const one of [listen, ...upstreams]) {
    if (!address.test(one)) throw new Error(`"${one}" is not an address such as 127.0.0.1:3000`);
  }
  for (const one of trustedProxies) {
    if (!network.test(one)) throw new Error(`"${one}" is not an address or network such as 10.0.0.0/8`);
  }
  if (upstreams.length === 0) throw new Error('NGINX needs at least one process of Kontor behind it');
  const values: Readonly<Record<string, string>> = {
    KONTOR_LISTEN: listen,
    KONTOR_UPSTREAMS: [
      // Two failures within the time take an instance out for the same time; then the next request tries it again.
      ...upstreams.map((upstream) => `server ${upstream} max_fails=2 fail_timeout=2s;`),
      // When all are out, NGINX tries each of them, so that it does not wait for one that is already back.
      ...upstreams.map((upstream) => `server ${upstream} max_fails=0 backup;`),
    ].join('\n  '),
    KONTOR_TRUSTED_PROXIES: realAddresses(trustedProxies),
  };
  const template = readFileSync(new URL('kontor.conf.template', import.meta.url), 'utf8');
  return template.replaceAll(/\$\{(KONTOR_[A-Z_]+)\}/g, (_, name: string) => values[name] ?? '');
}

function realAddresses(trustedProxies: readonly string[]): string {
  if (trustedProxies.length === 0) return '';
  return [...trustedProxies.map((proxy) => `set_real_ip_from ${proxy};`), 'real_ip_header X-Forwarded-For;', 'real_ip_recursive on;'].join(
    '\n  ',
  );
}
