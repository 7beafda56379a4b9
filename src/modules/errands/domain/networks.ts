/** The network of a miner: no two copies of a run are fetched within one. */
import { networkOf } from '#core/networks.ts';

/** Null for this machine, where everybody has the same. */
export function minerNetworkOf(address: string): string | null {
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address) || address === '::1' ? null : networkOf(address);
}
