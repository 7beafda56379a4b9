/** Which caller may use which route: every contract of the modules against every kind of caller. For docs/access.md and its test. */
import { globSync } from 'node:fs';
import type { Scope } from '#core/account.ts';
import type { Contract } from '#http/contract.ts';

export interface Caller {
  readonly name: string;
  /** A stranger is neither. */
  readonly kind: 'stranger' | 'session' | 'access-token';
  readonly admin: boolean;
  readonly scopes: readonly Scope[];
}

/** Tokens are of an admin: those of members can do no more. */
export const callers: readonly Caller[] = [
  { name: 'stranger', kind: 'stranger', admin: false, scopes: [] },
  { name: 'token read', kind: 'access-token', admin: true, scopes: ['read'] },
  { name: 'token write', kind: 'access-token', admin: true, scopes: ['write'] },
  { name: 'token read admin', kind: 'access-token', admin: true, scopes: ['read', 'admin'] },
  { name: 'token write admin', kind: 'access-token', admin: true, scopes: ['write', 'admin'] },
  { name: 'token trades', kind: 'access-token', admin: true, scopes: ['trades'] },
  { name: 'session of a member', kind: 'session', admin: false, scopes: ['read', 'write'] },
  { name: 'session of an admin', kind: 'session', admin: true, scopes: ['read', 'write', 'admin', 'trades'] },
];

const root = new URL('..', import.meta.url).pathname;

/** By path and method. Contracts are the exports of all files called `contracts.ts` or `…-contracts.ts`. */
export async function allContracts(): Promise<readonly Contract[]> {
  const files = globSync('src/modules/*/api/**/*contracts.ts', { cwd: root });
  const exported = await Promise.all(files.map(async (file) => Object.values<unknown>(await import(`${root}${file}`))));
  return exported
    .flat()
    .filter(isContract)
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** Outside of a demonstration. */
export function mayCall({ access, method }: Contract, { kind, admin, scopes }: Caller): boolean {
  const needed = method === 'GET' ? 'read' : 'write';
  switch (access) {
    case 'anyone':
      return true;
    case 'account':
      return scopes.includes(needed);
    case 'session':
      return kind === 'session';
    case 'admin':
    case 'admin-unless-demo':
      return admin && scopes.includes('admin') && scopes.includes(needed);
    case 'trades':
      return admin && scopes.includes('trades');
  }
}

function sortKey({ method, path }: Contract): string {
  return `${path} ${method}`;
}

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value && 'response' in value;
}
