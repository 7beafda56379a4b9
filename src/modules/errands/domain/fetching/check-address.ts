/** Which addresses of the web may be fetched, as far as the text of the address tells. What its name resolves to is checked later. */
import { isPublicAddress } from './public-addresses.ts';

export interface AddressRules {
  /** Besides 80 and 443. */
  readonly ports?: readonly number[];
  /** Hosts of the house itself, such as `127.0.0.1:3000`: they may be fetched wherever they are. */
  readonly allow?: readonly string[];
}

export const addressRefusals = {
  address_invalid: 'this is not an address of the web',
  scheme_not_allowed: 'only http and https are fetched',
  userinfo_not_allowed: 'an address may not hold a name or a password',
  port_not_allowed: 'only the ports 80 and 443 are fetched',
  address_forbidden: 'the address leads into a private or special network',
} as const;

export type AddressRefusal = keyof typeof addressRefusals;

export type CheckedAddress =
  | { readonly kind: 'valid'; readonly url: URL; readonly port: number; readonly allowed: boolean }
  | { readonly kind: 'refused'; readonly reason: AddressRefusal };

export const maxAddressChars = 2_048;

/** Names that never are in the public DNS. */
const privateNames = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|localdomain|home\.arpa|test|invalid|onion)$/;

/** `base` is the address that a redirect came from. */
export function checkAddress(text: string, rules: AddressRules, base?: URL): CheckedAddress {
  // `URL` drops line breaks and turns backslashes into slashes, where other parsers read another host.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are refused
  const url = text.length > maxAddressChars || /[\x00-\x20\x7f\\]/.test(text) ? null : URL.parse(text, base);
  if (url === null) return refused('address_invalid');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused('scheme_not_allowed');
  if (url.username !== '' || url.password !== '') return refused('userinfo_not_allowed');
  url.hash = '';
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (rules.allow?.includes(`${url.hostname}:${port}`)) return { kind: 'valid', url, port, allowed: true };
  if (port !== 80 && port !== 443 && !rules.ports?.includes(port)) return refused('port_not_allowed');
  if (!mayBePublic(url.hostname)) return refused('address_forbidden');
  return { kind: 'valid', url, port, allowed: false };
}

/** Whether the host is written as an IP address, which needs no resolving. `URL` writes all forms of IPv4 in dotted decimals. */
export function literalOf(hostname: string): string | undefined {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : undefined;
}

function mayBePublic(hostname: string): boolean {
  const literal = literalOf(hostname);
  if (literal !== undefined) return isPublicAddress(literal);
  const name = hostname.replace(/\.$/, '');
  return name.includes('.') && name.length <= 253 && !privateNames.test(name);
}

function refused(reason: AddressRefusal): CheckedAddress {
  return { kind: 'refused', reason };
}
