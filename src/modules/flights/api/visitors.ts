/** Who asks: the account, or a visitor known by a signed cookie. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { BoundedMap } from '#core/bounded-map.ts';
import { networkOf } from '#core/networks.ts';
import type { Random } from '#core/ports/random.ts';
import { type Caller, callerOf } from '#http/callers.ts';
import { cookieValue } from '#http/cookies.ts';
import type { Visitors } from './flights-api.ts';

const name = 'kontor_visitor';
const cookieDays = 30;
/** Cookies whose signature was checked lately; a full memory starts again empty. */
const maxRemembered = 10_000;

type Known = ReturnType<Visitors['known']>;

export function openVisitors(key: string, random: Random): Visitors {
  const cookie = new VisitorCookie(key);
  /** Of those who need no new cookie: the house gives the same caller for many requests of a connection. */
  const readBefore = new WeakMap<Caller, Known>();

  function known(caller: Caller): Known {
    const before = readBefore.get(caller);
    if (before !== undefined) return before;
    const found = read(caller);
    if (found.cookie === undefined) readBefore.set(caller, found);
    return found;
  }

  function read({ address, protocol, cookies, identity }: Caller): Known {
    const id = cookie.read(cookies);
    const network = networkOf(address);
    if (identity !== undefined) {
      const guestHolder = id === undefined ? undefined : `visitor:${id}`;
      return { visitor: { holder: `account:${identity.account.id}`, guestHolder, network }, cookie: undefined };
    }
    const made = id ?? random.id();
    const visitor = { holder: `visitor:${made}`, guestHolder: undefined, network };
    return { visitor, cookie: id === undefined ? cookie.written(made, protocol) : undefined };
  }

  return {
    known,
    async of(request, reply) {
      const { visitor, cookie } = known(await callerOf(request));
      if (cookie !== undefined) reply.header('set-cookie', cookie);
      return visitor;
    },
  };
}

/** Signed, so that nobody can use the quotes of others, or look like many without asking for as many cookies. */
class VisitorCookie {
  readonly #key: string;
  readonly #checked = new BoundedMap<string, string>(maxRemembered);

  constructor(key: string) {
    this.#key = key;
  }

  /** Undefined without a cookie, and for one that we did not sign. */
  read(cookies: string | undefined): string | undefined {
    const value = cookieValue(cookies, name);
    if (value === undefined) return undefined;
    const known = this.#checked.get(value);
    if (known !== undefined) return known;
    const [, id, signature] = /^([0-9a-f]{32})\.([0-9a-f]{64})$/.exec(value) ?? [];
    if (id === undefined || signature === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(this.#signatureOf(id)))) return undefined;
    this.#checked.set(value, id);
    return id;
  }

  written(id: string, protocol: string): string {
    const secure = protocol === 'https' ? '; Secure' : '';
    return `${name}=${id}.${this.#signatureOf(id)}; Path=/api/flights; HttpOnly; SameSite=Lax; Max-Age=${cookieDays * 86_400}${secure}`;
  }

  #signatureOf(id: string): string {
    return createHmac('sha256', this.#key).update(id).digest('hex');
  }
}
