/** The cookie that names a guest's cart. It is signed, so that nobody can try the ids of other carts. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieValue } from '#http/cookies.ts';
import { guestCartDays } from '../../domain/settings.ts';

const name = 'kontor_cart';

export class GuestCookie {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** The guest's cart; undefined without a cookie, and for one that we did not sign. */
  read(request: FastifyRequest): string | undefined {
    const given = cookieValue(request.headers.cookie, name) ?? '';
    const [, id = '', signature = ''] = /^([0-9a-f]{32})\.([0-9a-f]{64})$/.exec(given) ?? [];
    if (id === '' || !timingSafeEqual(Buffer.from(signature), Buffer.from(this.#signatureOf(id)))) return undefined;
    return id;
  }

  set(request: FastifyRequest, reply: FastifyReply, cartId: string): void {
    reply.header('set-cookie', cookie(request, `${cartId}.${this.#signatureOf(cartId)}`, guestCartDays * 86_400));
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    reply.header('set-cookie', cookie(request, '', 0));
  }

  #signatureOf(id: string): string {
    return createHmac('sha256', this.#key).update(id).digest('hex');
  }
}

function cookie(request: FastifyRequest, value: string, maxAgeSeconds: number): string {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  return `${name}=${value}; Path=/api/shop; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
}
