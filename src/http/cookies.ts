/** Cookies that no script reads and that browsers do not send when another site posts here. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The value of a cookie that `setCookie` set. */
export function cookieIn(headers: IncomingHttpHeaders, protocol: string, name: string): string | undefined {
  return cookieValue(headers.cookie, nameOver(protocol, name));
}

/** Of a header `Cookie`, by the whole name of the cookie. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const begin = `${name}=`;
  const cookies = (header ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(begin))?.slice(begin.length);
}

/** An age of 0 removes it. */
export function setCookie({ protocol }: FastifyRequest, reply: FastifyReply, name: string, value: string, maxAgeMs: number): void {
  const secure = protocol === 'https' ? '; Secure' : '';
  const rules = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1_000)}${secure}`;
  reply.header('set-cookie', `${nameOver(protocol, name)}=${value}; ${rules}`);
}

/** With this prefix, browsers take the cookie only from this host, and only over TLS. */
function nameOver(protocol: string, name: string): string {
  return protocol === 'https' ? `__Host-${name}` : name;
}
