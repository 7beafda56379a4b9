/** Ids that people can read out: `KF-7G2M-Q0ZD-41XB`. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 60 bits of chance behind a prefix, of 32 random hex characters. */
export function readableId(prefix: string, randomHex: string): string {
  let bits = BigInt(`0x${randomHex.slice(0, 15)}`);
  let text = '';
  for (let place = 0; place < 12; place += 1) {
    text += alphabet[Number(bits & 31n)];
    bits >>= 5n;
  }
  return `${prefix}-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
