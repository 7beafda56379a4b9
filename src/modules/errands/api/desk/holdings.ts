/** What miners hold, as far as this desk handed it out: so much at a time, and no more. */

export const maxHeldPerMachine = 256;
const maxHeldPerAccount = 2_048;

interface Held {
  readonly machine: string;
  endsAt: number;
}

export class Holdings {
  readonly #byAccount = new Map<string, Map<string, Held>>();

  /** How many more runs a machine may claim. */
  room(account: string, machine: string, now: number): number {
    const held = this.#byAccount.get(account);
    if (held === undefined) return maxHeldPerMachine;
    let ofMachine = 0;
    for (const [lease, one] of held) {
      if (one.endsAt <= now) held.delete(lease);
      else if (one.machine === machine) ofMachine += 1;
    }
    if (held.size === 0) this.#byAccount.delete(account);
    return Math.max(0, Math.min(maxHeldPerMachine - ofMachine, maxHeldPerAccount - held.size));
  }

  add(account: string, machine: string, runs: readonly { readonly lease: string; readonly endsAt: number }[]): void {
    if (runs.length === 0) return;
    const held = this.#byAccount.get(account) ?? new Map<string, Held>();
    this.#byAccount.set(account, held);
    for (const { lease, endsAt } of runs) held.set(lease, { machine, endsAt });
  }

  extend(account: string, lease: string, endsAt: number): void {
    const held = this.#byAccount.get(account)?.get(lease);
    if (held !== undefined) held.endsAt = endsAt;
  }

  remove(account: string, leases: readonly string[]): void {
    const held = this.#byAccount.get(account);
    if (held === undefined) return;
    for (const lease of leases) held.delete(lease);
    if (held.size === 0) this.#byAccount.delete(account);
  }
}
