/** The addresses that can be ordered. */
import { type AddressRefusal, checkAddress } from './fetching/check-address.ts';

export interface ReadAddress {
  /** As it is fetched: without a fragment. */
  readonly address: string;
  /** With the port where it is not the usual one. */
  readonly host: string;
}

/** Whether the name leads to a public address is known only when it is resolved: the client that fetches looks at it each time. */
export function readAddress(text: string, allowedHosts: readonly string[]): ReadAddress | { readonly refused: AddressRefusal } {
  const checked = checkAddress(text.trim(), { allow: allowedHosts });
  if (checked.kind === 'refused') return { refused: checked.reason };
  return { address: checked.url.href, host: checked.url.host };
}
