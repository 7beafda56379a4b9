/** The people of a drill: accounts that it opens, each with coins, and an admin who stocks the shop. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kontor } from '#cluster/parts.ts';
import { ask } from './house-client.ts';
import { beginSession, openAccount } from './sign-up.ts';

export interface Customer {
  readonly id: string;
  /** What it sends along to be known. */
  readonly as: Readonly<Record<string, string>>;
  /** What was in its wallet before the first operation. */
  readonly opening: number;
}

const password = 'a drill of the house, every week';
const adminTimeoutMs = 60_000;
const stockedPieces = 1_000_000;
const stockedVariants = 4;

/** Opens an account, and takes the coins of the day. */
export async function openCustomer(url: string, name: string, run: string): Promise<Customer> {
  const email = `drill-${name}-${run}@example.org`;
  const { cookie } = await openAccount(url, { email, name, password });
  const as = { cookie };
  await ask(url, { method: 'POST', path: '/api/coins/faucet', as });
  const { account, coins } = await readWallet(url, as);
  return { id: account, as, opening: coins };
}

export interface WalletView {
  readonly account: string;
  readonly coins: number;
}

export function readWallet(url: string, as: Customer['as']): Promise<WalletView> {
  return ask(url, { method: 'GET', path: '/api/coins/wallet', as });
}

/** The same account by a token, as programs that mine have it. */
export async function tokenOf(url: string, { as }: Customer): Promise<Customer['as']> {
  const body = { name: 'drill', scopes: ['read', 'write'] };
  const { token } = await ask<{ token: string }>(url, { method: 'POST', path: '/api/people/me/access-tokens', as, body });
  return { authorization: `Bearer ${token}` };
}

/** Opens an account of an admin in the books, and receives more pieces of some articles than are sold; resolves their ids. */
export async function stockShop(url: string, environment: Readonly<Record<string, string>>, run: string): Promise<readonly string[]> {
  const email = `drill-admin-${run}@example.org`;
  const made = await promisify(execFile)(process.execPath, [kontor, 'people', 'create-admin', email], {
    env: { PATH: process.env.PATH, ...environment },
    timeout: adminTimeoutMs,
  });
  const { cookie } = await beginSession(url, '/api/people/login', { email, password: made.stdout.trim() });
  const as = { cookie };
  const { products } = await ask<{ products: readonly { id: string }[] }>(url, {
    method: 'GET',
    path: `/api/shop/products?limit=${stockedVariants}`,
  });
  const articles: string[] = [];
  for (const { id } of products) {
    const { variants } = await ask<{ variants: readonly { id: string }[] }>(url, { method: 'GET', path: `/api/shop/products/${id}` });
    const [variant] = variants;
    if (variant === undefined) continue;
    const body = { pieces: stockedPieces, reason: 'for the drill' };
    await ask(url, { method: 'POST', path: `/api/shop/admin/stock/${variant.id}/receipts`, as, body });
    articles.push(variant.id);
  }
  if (articles.length === 0) throw new Error('the shop of the drill is empty');
  return articles;
}
