/** Fills in kontor.conf.template: NGINX's address, and the processes of Kontor behind it. */
import { readFileSync } from 'node:fs';

/** Processes, and the beginning of the paths that they serve. */
export interface ServedPath {
  /** Such as `/api/flights/`; `/` for everything that no other processes serve. */
  readonly path: string;
  /** Host and port of each process; at least two for failover. Some of them need not run. */
  readonly upstreams: readonly string[];
}

export interface NginxOptions {
  /** Such as `127.0.0.1:3000`. */
  readonly listen: string;
  readonly served: readonly ServedPath[];
  /** Proxies in front of this NGINX whose X-Forwarded-For is trusted, as addresses or networks. */
  readonly trustedProxies?: readonly string[];
}

const address = /^[A-Za-z0-9._:[\]-]+:\d{1,5}$/;
const network = /^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/;
const servedPath = /^\/([a-z0-9-]+\/)*$/;
const fewestTries = 6;

/** The contents of the http block. */
export function nginxConfiguration({ listen, served, trustedProxies = [] }: NginxOptions): string {
  check(listen, served, trustedProxies);
  const everything = served.find(({ path }) => path === '/');
  if (everything === undefined) throw new Error('NGINX needs at least one process of Kontor behind it that serves /');
  const places = served.filter((place) => place !== everything);
  const mostProcesses = Math.max(...served.map(({ upstreams }) => upstreams.length));
  const values: Readonly<Record<string, string>> = {
    KONTOR_LISTEN: listen,
    KONTOR_UPSTREAMS: serversOf(everything),
    KONTOR_PLACE_UPSTREAMS: places.map(upstreamOf).join('\n'),
    KONTOR_PLACE_LOCATIONS: places.map((place) => `location ${place.path} {\n    proxy_pass http://${nameOf(place)};\n  }`).join('\n  '),
    KONTOR_TRIES: String(Math.max(fewestTries, 2 * mostProcesses)),
    KONTOR_TRUSTED_PROXIES: realAddresses(trustedProxies),
  };
  const template = readFileSync(new URL('kontor.conf.template', import.meta.url), 'utf8');
  return template.replaceAll(/\$\{(KONTOR_[A-Z_]+)\}/g, (_, name: string) => values[name] ?? '');
}

function check(listen: string, served: readonly ServedPath[], trustedProxies: readonly string[]): void {
  for (const one of [listen, ...served.flatMap(({ upstreams }) => upstreams)]) {
    if (!address.test(one)) throw new Error(`"${one}" is not an address such as 127.0.0.1:3000`);
  }
  for (const one of trustedProxies) {
    if (!network.test(one)) throw new Error(`"${one}" is not an address or network such as 10.0.0.0/8`);
  }
  for (const { path, upstreams } of served) {
    if (!servedPath.test(path)) throw new Error(`"${path}" is not a path such as /api/flights/`);
    if (upstreams.length === 0) throw new Error(`NGINX needs at least one process of Kontor behind it that serves ${path}`);
  }
}

function serversOf({ upstreams }: ServedPath): string {
  return [
    // Two failures within the time take an instance out for the same time; then the next request tries it again.
    ...upstreams.map((upstream) => `server ${upstream} max_fails=2 fail_timeout=2s;`),
    // When all are out, NGINX tries each of them, so that it does not wait for one that is already back.
    ...upstreams.map((upstream) => `server ${upstream} max_fails=0 backup;`),
  ].join('\n  ');
}

function upstreamOf(place: ServedPath): string {
  return `upstream ${nameOf(place)} {
  zone ${nameOf(place)} 256k;
  least_conn;
  ${serversOf(place)}
  keepalive 64;
  keepalive_timeout 2s;
}`;
}

/** `/api/flights/` becomes `kontor-api-flights`. */
function nameOf({ path }: ServedPath): string {
  return `kontor${path.slice(0, -1).replaceAll('/', '-')}`;
}

function realAddresses(trustedProxies: readonly string[]): string {
  if (trustedProxies.length === 0) return '';
  return [...trustedProxies.map((proxy) => `set_real_ip_from ${proxy};`), 'real_ip_header X-Forwarded-For;', 'real_ip_recursive on;'].join(
    '\n  ',
  );
}
