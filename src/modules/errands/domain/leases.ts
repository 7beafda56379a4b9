/** Leases as miners know them: the name of the copy and a secret, such as `KE-7G2M-Q0ZD-41XB/1/42/1/9f3a…`. */
import { type CopyName, copyText } from './orders.ts';

/** The account of the house as a miner. */
export const houseMiner = 'house';

export interface Lease extends CopyName {
  /** New at each claim. */
  readonly secret: string;
}

const leaseForm = /^(KE(?:-[0-9A-Z]{4}){3})\/(\d{1,9})\/(\d{1,9})\/([1-3])\/([0-9a-f]{32})$/;

export function leaseText(lease: Lease): string {
  return `${copyText(lease)}/${lease.secret}`;
}

/** Undefined for a text that is none. */
export function leaseOf(text: string): Lease | undefined {
  const [, orderId, generation, slot, copy, secret] = leaseForm.exec(text) ?? [];
  if (orderId === undefined || secret === undefined) return undefined;
  return { orderId, generation: Number(generation), slot: Number(slot), copy: Number(copy), secret };
}

/** In which all transactions lock runs. */
export function byCopy(one: CopyName, other: CopyName): number {
  if (one.orderId !== other.orderId) return one.orderId < other.orderId ? -1 : 1;
  return one.generation - other.generation || one.slot - other.slot || one.copy - other.copy;
}
