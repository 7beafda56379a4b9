/** Cookies that no script reads and that browsers do not send when another site posts here. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The value that a header `Cookie` has of a cookie written by `cookieText`. */
export function cookieIn(header: string | undefined, protocol: string, name: string): string | undefined {
  const begin = `${nameOver(protocol, name)}=`;
  const cookies = (header ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(begin))?.slice(begin.length);
}

/** The value of a header `Set-Cookie`. An age of 0 removes the cookie. */
export function cookieText(protocol: string, name: string, value: string, maxAgeMs: number): string {
  const secure = protocol === 'https' ? '; Secure' : '';
  return `${nameOver(protocol, name)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1_000)}${secure}`;
}

export function setCookie({ protocol }: FastifyRequest, reply: FastifyReply, name: string, value: string, maxAgeMs: number): void {
  reply.header('set-cookie', cookieText(protocol, name, value, maxAgeMs));
}

/** With this prefix, browsers take the cookie only from this host, and only over TLS. */
function nameOver(protocol: string, name: string): string {
  return protocol === 'https' ? `__Host-${name}` : name;
}
