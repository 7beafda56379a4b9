/** Who asks: the account, or a visitor known by a signed cookie. */
import { networkOf } from '#core/networks.ts';
import type { Random } from '#core/ports/random.ts';
import { type Caller, callerOf } from '#http/callers.ts';
import { SignedCookie } from '#http/signed-cookie.ts';
import type { Visitors } from './flights-api.ts';

type Known = ReturnType<Visitors['known']>;

export function openVisitors(key: string, random: Random): Visitors {
  const cookie = new SignedCookie({ key, name: 'kontor_visitor', lifeDays: 30 });
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
    const id = cookie.read(cookies, protocol);
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
