/**
 * Who runs the house of a simulated world: logs in as its admin, grants coins, refunds orders, puts trades of others on the tape,
 * looks at the house and pulls the plugs of roles.
 */
import { anyOf } from '../dice.ts';
import { attempt, insist, isOpenAgain, type Login, logIn, type Person, pause } from './person.ts';

export const outsideCompany = 'OUTS';

export interface OperatorsBooks {
  /** The admin, once the house has announced it. */
  admin(): Login | undefined;
  accounts(): readonly string[];
}

const thinksMs = 12_000;

export async function operate(person: Person, books: OperatorsBooks): Promise<void> {
  while (books.admin() === undefined) await pause(person, 500, 1_500);
  person.login = books.admin();
  while (person.id === '') person.id = (await logIn(person)) ?? '';
  while (await isOpenAgain(person)) {
    await pause(person, thinksMs / 4, 2 * thinksMs);
    if (!person.isOpen()) continue;
    const act = anyOf(person.random, [grantCoins, refundOrder, putTrades, pullPlug]);
    await act?.(person, books);
  }
}

async function grantCoins(person: Person, { accounts }: OperatorsBooks): Promise<void> {
  const account = anyOf(person.random, accounts());
  if (account === undefined) return;
  const body = { account, amount: 50 + person.random.int(200), reason: 'a gift' };
  await insist(person, `grant ${person.random.id()}`, (key) =>
    person.client('POST', '/api/coins/grants', { headers: { 'idempotency-key': key }, body }),
  );
}

async function refundOrder(person: Person): Promise<void> {
  const { client, random } = person;
  const paid = await attempt(() => client('GET', '/api/shop/admin/orders', { query: { state: 'paid', limit: 20 } }));
  const order = paid && anyOf(random, paid.orders);
  if (order === undefined) return;
  const params = { id: order.id };
  if (random.int(2) === 0) {
    const body = { state: 'packed' as const, note: '' };
    await insist(person, 'pack an order', () => client('POST', '/api/shop/admin/orders/:id/state', { params, body }));
    return;
  }
  const body = random.int(2) === 0 ? { reason: 'a wish', everything: true, restock: true } : { reason: 'a scratch', amount: 1 };
  await insist(person, `refund ${random.id()}`, (key) =>
    client('POST', '/api/shop/admin/orders/:id/refunds', { params, headers: { 'idempotency-key': key }, body }),
  );
}

async function putTrades(person: Person): Promise<void> {
  const { client, random } = person;
  const trades = Array.from({ length: 1 + random.int(9) }, () => ({
    company: outsideCompany,
    side: random.int(2) === 0 ? ('buy' as const) : ('sell' as const),
    priceCents: 1_000 + random.int(500),
    quantity: 1 + random.int(10),
  }));
  const accepted = await insist(person, `trades ${random.id()}`, (key) =>
    client('POST', '/api/stocks/trades', { headers: { 'idempotency-key': key }, body: trades }),
  );
  for (let count = 0; count < (accepted?.accepted ?? 0); count += 1) person.acknowledged.push({ kind: 'trade', id: '' });
}

async function pullPlug(person: Person): Promise<void> {
  const { client, random } = person;
  await attempt(() => client('GET', '/api/overview/house'));
  const answer = await attempt(() => client('GET', '/api/overview/pulls/choices'));
  const choice = answer && anyOf(random, answer.choices);
  if (choice === undefined) return;
  const { kind, target } = choice;
  // Without an answer it is not pulled again: another pull may be under way.
  await attempt(() => client('POST', '/api/overview/pulls', { body: { kind, target } }));
}
