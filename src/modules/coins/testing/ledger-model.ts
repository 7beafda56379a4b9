/** The ledger as simply as it can be said, in memory, for comparing the real one with: one operation after another. */
import fastCheck from 'fast-check';

export const modelAccounts = ['wallet:a', 'wallet:b', 'wallet:c', 'wallet:d', 'revenue:shop'] as const;
export const startingCoins = 100;

export type LedgerOperation =
  | { readonly type: 'transfer'; readonly key: string; readonly from: string; readonly to: string; readonly amount: number }
  | {
      readonly type: 'hold';
      readonly key: string;
      readonly from: string;
      readonly to: string;
      readonly amount: number;
      readonly lasts: number;
    }
  | { readonly type: 'capture'; readonly key: string; readonly hold: string; readonly amount: number }
  | { readonly type: 'void'; readonly hold: string }
  | { readonly type: 'refund'; readonly key: string; readonly of: string; readonly amount: number }
  | { readonly type: 'expire' };

/** Few keys and little money, so that repetitions, conflicts and refusals are common. */
export function ledgerOperations(count: number): fastCheck.Arbitrary<LedgerOperation[]> {
  const key = fastCheck.integer({ min: 0, max: count }).map((number) => `k${number}`);
  const amount = fastCheck.integer({ min: 1, max: 60 });
  const accounts = fastCheck.shuffledSubarray([...modelAccounts], { minLength: 2, maxLength: 2 });
  const parties = accounts.map(([from = '', to = '']) => ({ from, to }));
  const lasts = fastCheck.integer({ min: 1, max: 40 });
  const transfer = fastCheck
    .tuple(key, parties, amount)
    .map(([k, p, a]): LedgerOperation => ({ type: 'transfer', key: k, ...p, amount: a }));
  const hold = fastCheck.tuple(key, parties, amount, lasts).map(([k, { from, to }, a, l]): LedgerOperation => {
    // A rollup holds nothing.
    const inOrder = from === 'revenue:shop' ? { from: to, to: from } : { from, to };
    return { type: 'hold', key: k, ...inOrder, amount: a, lasts: l };
  });
  const operation = fastCheck.oneof(
    { weight: 4, arbitrary: transfer },
    { weight: 3, arbitrary: hold },
    { weight: 3, arbitrary: fastCheck.record({ type: fastCheck.constant('capture' as const), key, hold: key, amount }) },
    { weight: 1, arbitrary: fastCheck.record({ type: fastCheck.constant('void' as const), hold: key }) },
    { weight: 3, arbitrary: fastCheck.record({ type: fastCheck.constant('refund' as const), key, of: key, amount }) },
    { weight: 1, arbitrary: fastCheck.constant({ type: 'expire' } as const) },
  );
  return fastCheck.array(operation, { minLength: count, maxLength: count });
}

interface ModelHold {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly expiresAt: number;
  state: string;
}

interface ModelTransfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly kind: string;
  refunded: number;
}

export class LedgerModel {
  readonly coins = new Map<string, number>(modelAccounts.map((id) => [id, startingCoins]));
  readonly #requests = new Map<string, string>();
  readonly #holds = new Map<string, ModelHold>();
  readonly #transfers = new Map<string, ModelTransfer>();

  /** What the operation comes to, in a word or two. */
  apply(operation: LedgerOperation, now: number): string {
    switch (operation.type) {
      case 'transfer':
        return this.#once(operation.key, JSON.stringify(operation), () => this.#move(operation.key, operation, 'transfer'));
      case 'hold':
        return this.#once(operation.key, JSON.stringify({ ...operation, lasts: 0 }), () => {
          if (this.available(operation.from) < operation.amount) return 'insufficient';
          this.#holds.set(operation.key, { ...operation, expiresAt: now + operation.lasts, state: 'open' });
          return 'placed';
        });
      case 'capture':
        return this.#capture(operation, now);
      case 'void': {
        const hold = this.#holds.get(operation.hold);
        if (!hold) return 'not_found';
        if (hold.state !== 'open') return `closed ${hold.state}`;
        hold.state = 'voided';
        return 'voided';
      }
      case 'refund':
        return this.#refund(operation);
      case 'expire': {
        const due = [...this.#holds.values()].filter((hold) => hold.state === 'open' && hold.expiresAt <= now);
        for (const hold of due) hold.state = 'expired';
        return `expired ${due.length}`;
      }
    }
  }

  held(account: string): number {
    const open = [...this.#holds.values()].filter((hold) => hold.state === 'open' && hold.from === account);
    return open.reduce((sum, hold) => sum + hold.amount, 0);
  }

  available(account: string): number {
    return (this.coins.get(account) ?? 0) - this.held(account);
  }

  #capture(operation: LedgerOperation & { type: 'capture' }, now: number): string {
    const hold = this.#holds.get(operation.hold);
    if (!hold) return 'not_found';
    const state = hold.state === 'open' && hold.expiresAt <= now ? 'expired' : hold.state;
    const body = JSON.stringify(operation);
    if (state !== 'open') return this.#before(operation.key, body) ?? `closed ${state}`;
    if (operation.amount > hold.amount) return 'exceeds';
    return this.#once(operation.key, body, () => {
      hold.state = 'captured';
      return this.#move(operation.key, { from: hold.from, to: hold.to, amount: operation.amount }, 'capture');
    });
  }

  #refund(operation: LedgerOperation & { type: 'refund' }): string {
    const original = this.#transfers.get(operation.of);
    if (!original || original.kind === 'refund') return 'not_found';
    const body = JSON.stringify(operation);
    if (operation.amount > original.amount - original.refunded) return this.#before(operation.key, body) ?? 'exceeds';
    return this.#once(operation.key, body, () => {
      const outcome = this.#move(operation.key, { from: original.to, to: original.from, amount: operation.amount }, 'refund');
      if (outcome === 'posted') original.refunded += operation.amount;
      return outcome;
    });
  }

  #move(key: string, { from, to, amount }: { from: string; to: string; amount: number }, kind: string): string {
    if (from !== 'revenue:shop' && this.available(from) < amount) return 'insufficient';
    this.coins.set(from, (this.coins.get(from) ?? 0) - amount);
    this.coins.set(to, (this.coins.get(to) ?? 0) + amount);
    this.#transfers.set(key, { from, to, amount, kind, refunded: 0 });
    return 'posted';
  }

  #once(key: string, body: string, work: () => string): string {
    const before = this.#before(key, body);
    if (before !== undefined) return before;
    this.#requests.set(key, body);
    return work();
  }

  #before(key: string, body: string): string | undefined {
    const stored = this.#requests.get(key);
    if (stored === undefined) return undefined;
    if (stored !== body) return 'conflict';
    if (this.#holds.has(key)) return 'replayed placed';
    return this.#transfers.has(key) ? 'replayed posted' : 'replayed refused';
  }
}
