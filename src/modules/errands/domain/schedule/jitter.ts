/** A number that looks random and is the same in every process: a seed and the number of a slot, hashed to 32 bits. */
export function jitterHash(seed: string, slot: number): number {
  const text = `${seed}/${slot}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // FNV-1a changes its high bits little at the last characters; these steps of MurmurHash3 spread them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
