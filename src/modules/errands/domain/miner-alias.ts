/** What customers call the miner of a result: the same within an order, and nothing that tells who it is. */
import { createHash } from 'node:crypto';

/** Null for the house. */
export function minerAlias(minerId: string | null, orderId: string): string | null {
  if (minerId === null) return null;
  return `miner-${createHash('sha256').update(`${orderId} ${minerId}`).digest('hex').slice(0, 6)}`;
}
