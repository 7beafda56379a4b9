/** Networks of addresses, for limits and exclusions that one person with many addresses must not get around. */

/** A /24 of IPv4, a /48 of IPv6. What is no address is one network of its own, so that it is capped like any other. */
export function networkOf(address: string): string {
  const mapped = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
  if (mapped !== null) return `${mapped[1]}.0/24`;
  return address.includes(':') ? `${leadingGroups(address, 3)}::/48` : 'unknown';
}

/** What one customer of a provider has: an address of IPv4, a /64 of IPv6. */
export function subscriberOf(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  return address.includes(':') ? `${leadingGroups(address, 4)}::/64` : address;
}

/** The first groups of 16 bits of an IPv6 address, such as `2001:db8:7`. */
function leadingGroups(address: string, count: number): string {
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  const groups = [...first, ...zeros, ...last].slice(0, count);
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
