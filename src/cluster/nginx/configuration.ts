/** Fills in kontor.conf.template: where NGINX listens, and the processes of Kontor behind it. */
import { readFileSync } from 'node:fs';

export interface NginxOptions {
  /** Such as `127.0.0.1:3000`. */
  readonly listen: string;
  /** Host and port of each process, two at least for one to take over. */
  readonly upstreams: readonly string[];
  /** Proxies before this NGINX whose X-Forwarded-For is believed, as addresses or networks. */
  readonly trustedProxies?: readonly string[];
}

const address = /^[A-Za-z0-9._:[\]-]+:\d{1,5}$/;
const network = /^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/;

/** What stands in the http block. */
export function nginxConfiguration({ listen, upstreams, trustedProxies = [] }: NginxOptions): string {
  for (const one of [listen, ...upstreams]) {
    if (!address.test(one)) throw new Error(`"${one}" is no address such as 127.0.0.1:3000`);
  }
  for (const one of trustedProxies) {
    if (!network.test(one)) throw new Error(`"${one}" is no address or network such as 10.0.0.0/8`);
  }
  if (upstreams.length === 0) throw new Error('NGINX needs at least one process of Kontor behind it');
  const values: Readonly<Record<string, string>> = {
    KONTOR_LISTEN: listen,
    KONTOR_UPSTREAMS: [
      // Two failures within the time take an instance out for as long: the next request after that tries it again.
      ...upstreams.map((upstream) => `server ${upstream} max_fails=2 fail_timeout=2s;`),
      // When all are out, each is tried all the same: one that is back already must not be waited for.
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
