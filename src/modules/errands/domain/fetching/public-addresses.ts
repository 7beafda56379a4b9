/** Which IP addresses are out in the public internet: all others lead into somebody's own network, or wrap such an address. */

/** The bytes of an address: 4 or 16. */
type Bytes = readonly number[];

interface Block {
  readonly first: Bytes;
  readonly bits: number;
}

/** IANA's registry of special IPv4 addresses, without those that are public, and the address of one cloud's metadata. */
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map(block);

/** Unicast of the internet. Loopback, link-local, private, multicast, mapped IPv4 and NAT64 addresses are all outside of it. */
const globalIpv6 = block('2000::/3');

/** What is special within it: protocols (with Teredo), documentation, 6to4, and AMT. */
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map(block);

/** False for whatever is not an IP address. */
export function isPublicAddress(text: string): boolean {
  const bytes = bytesOf(text);
  if (bytes === undefined) return false;
  if (bytes.length === 4) return !specialIpv4.some((special) => isWithin(bytes, special));
  return isWithin(bytes, globalIpv6) && !specialIpv6.some((special) => isWithin(bytes, special));
}

function isWithin(bytes: Bytes, { first, bits }: Block): boolean {
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) if (bytes[index] !== first[index]) return false;
  const rest = 8 - (bits & 7);
  return rest === 8 || (bytes[whole] ?? 0) >> rest === (first[whole] ?? 0) >> rest;
}

function block(text: string): Block {
  const [address = '', bits] = text.split('/');
  return { first: bytesOf(address) ?? [], bits: Number(bits) };
}

function bytesOf(text: string): Bytes | undefined {
  return ipv4Bytes(text) ?? ipv6Bytes(text);
}

/** Dotted decimals only: `URL` and the resolver write every other form so. */
function ipv4Bytes(text: string): Bytes | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function ipv6Bytes(text: string): Bytes | undefined {
  // `URL` checks the address, and writes it in the one canonical form.
  const canonical = text.includes(':') ? URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) : undefined;
  if (canonical === undefined) return undefined;
  const [head = '', tail] = canonical.split('::');
  const before = hextets(head);
  const after = hextets(tail ?? '');
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after].flatMap((hextet) => [hextet >> 8, hextet & 255]);
}

function hextets(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((part) => Number.parseInt(part, 16));
}
