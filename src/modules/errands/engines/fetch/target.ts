/** One hop of a fetch: whom to connect to, and what to ask. */
import { literalOf } from '../../domain/fetching/check-address.ts';
import type { FetchLimits } from '../../ports/fetch.ts';
import type { Watch } from './watches.ts';

export interface Target {
  readonly url: URL;
  /** An IP address that was checked: names never reach the socket. */
  readonly ip: string;
  readonly port: number;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly limits: FetchLimits;
  readonly watch: Watch;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: 'http/1.1' | 'h2';
  /** As it came over the wire. */
  readonly body: Buffer;
}

/**
 * Connections are shared by fetches of one origin at one address only: a host cannot put an answer into the connection of another
 * that happens to be at the same address.
 */
export function connectionKey({ url, ip }: Pick<Target, 'url' | 'ip'>): string {
  return `${url.origin} ${ip}`;
}

/** For TLS: literal addresses are checked by the certificate, but not sent. */
export function serverNameOf(url: URL): string {
  return literalOf(url.hostname) === undefined ? url.hostname.replace(/\.$/, '') : '';
}

/** The connection speaks HTTP/2 and is now a session: the request has to be made there. */
export class BecameSession extends Error {}

/** The session of HTTP/2 ended before the request was answered: on a new one it may be asked again. */
export class SessionEnded extends Error {}

export function isRedirect(status: number, headers: Readonly<Record<string, string>>): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
}

/** Where a redirect leads: many hosts write it in UTF-8 and with spaces, which Node reads as Latin-1. */
export function redirectedTo(headers: Readonly<Record<string, string>>): string {
  return Buffer.from(headers.location ?? '', 'latin1')
    .toString()
    .trim()
    .replaceAll(' ', '%20');
}
