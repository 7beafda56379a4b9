/** The cookie that names a guest's cart: signed, so that nobody can try the numbers of others' carts. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Random } from '#core/ports/random.ts';
import type { State } from '#core/ports/state.ts';
import { shopTables } from '../store/tables.ts';

const name = 'kontor_cart';
export const guestCartDays = 30;
const keySetting = 'cart_cookie_key';

/** All instances sign with the same key: whoever starts first makes it. */
export async function cartCookieKey(state: State, random: Random): Promise<string> {
  return state.write(async (queries) => {
    const tables = shopTables(queries);
    await tables
      .insertInto('shop_setting')
      .values({ name: keySetting, value: random.id() + random.id() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    return (await tables.selectFrom('shop_setting').select('value').where('name', '=', keySetting).executeTakeFirstOrThrow()).value;
  });
}

export class GuestCookie {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** The guest's cart; undefined without a cookie, and for one that we did not sign. */
  read(request: FastifyRequest): string | undefined {
    const given = (request.headers.cookie ?? '')
      .split(';')
      .map((cookie) => cookie.trim())
      .find((cookie) => cookie.startsWith(`${name}=`));
    const [, id = '', signature = ''] = /^([0-9a-f]{32})\.([0-9a-f]{64})$/.exec(given?.slice(name.length + 1) ?? '') ?? [];
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
