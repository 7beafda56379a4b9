/** The binary wire format of `bytea[]`: as text, every byte would take two and pass through a string. */
const byteaOid = 17;
const headerBytes = 20;
const lengthBytes = 4;

/** One dimension, counted from 1, no nulls: the layout of PostgreSQL's array_recv. */
export function byteaArray(items: readonly Uint8Array[]): Buffer {
  const size = items.reduce((sum, item) => sum + lengthBytes + item.length, headerBytes);
  const buffer = Buffer.allocUnsafe(size);
  const [dimensions, hasNulls, firstIndex] = [items.length === 0 ? 0 : 1, 0, 1];
  buffer.writeInt32BE(dimensions, 0);
  buffer.writeInt32BE(hasNulls, 4);
  buffer.writeInt32BE(byteaOid, 8);
  buffer.writeInt32BE(items.length, 12);
  buffer.writeInt32BE(firstIndex, 16);
  let at = headerBytes;
  for (const item of items) {
    buffer.writeInt32BE(item.length, at);
    buffer.set(item, at + lengthBytes);
    at += lengthBytes + item.length;
  }
  return items.length === 0 ? buffer.subarray(0, 12) : buffer;
}
