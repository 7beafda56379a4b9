/**
 * The price of a simulated company: a walk that is a pure function of (seed, company, seq), so that a killed publisher
 * continues where the tape ends and anybody can recompute a batch.
 *
 * It is not a running sum, which would need all that came before, but noise on many scales added up: each scale has random
 * points at fixed distances and a line between them. The longest one is the drift; that no scale is longer makes the price
 * return to its base. Only + − × and Math.imul on doubles and integers: the same bits on every machine.
 */
import type { SimulatedCompany } from './options.ts';
import { buyBit, maxNotionalCents, maxPriceCents, maxQuantity } from './trades.ts';

/** Trades between two anchors of the price. */
const blockTrades = 256;
/** Distances of the random points, in blocks, and how far they reach: about the root of the distance, as in a random walk. */
const scales = [
  { blocks: 4, reach: 0.03125 },
  { blocks: 16, reach: 0.0625 },
  { blocks: 64, reach: 0.125 },
  { blocks: 256, reach: 0.25 },
  { blocks: 1_024, reach: 0.5 },
  { blocks: 4_096, reach: 1 },
] as const;
/** At most one jump in so many blocks; it is gone again after twice as many. */
const jumpWindowBlocks = 1_200;
const purposes = { jump: 101, jumpPlace: 102, jumpSize: 103, trade: 104 };

export class Walk {
  readonly #company: SimulatedCompany;
  readonly #seed: number;
  readonly #maxQuantity: number;
  #block = -1;
  #from = 0;
  #to = 0;

  constructor(seed: string, company: SimulatedCompany) {
    this.#company = company;
    this.#seed = hashText(`${seed}\n${company.code}`);
    const highest = Math.min(maxPriceCents, company.basePriceCents * 4);
    this.#maxQuantity = Math.max(1, Math.min(maxQuantity, Math.floor(maxNotionalCents / highest)));
  }

  /** Writes price and quantity-with-side of `count` trades from `firstSeq` on into the words of their records. */
  fill(words: Uint32Array, firstRecord: number, firstSeq: number, count: number): void {
    const { basePriceCents, scatter, lot } = this.#company;
    const scatterCents = basePriceCents * scatter;
    const highest = Math.min(maxPriceCents, basePriceCents * 4);
    let done = 0;
    while (done < count) {
      const index = firstSeq - 1 + done;
      const block = Math.floor(index / blockTrades);
      const inBlock = index - block * blockTrades;
      const steps = Math.min(count - done, blockTrades - inBlock);
      this.#enter(block);
      const slope = (this.#to - this.#from) / blockTrades;
      // more buying than selling while the price rises, and the other way round
      const buyBelow = this.#to >= this.#from ? 142 : 114;
      const blockSeed = mix(this.#seed ^ Math.imul(block, 0x9e37_79b1) ^ purposes.trade);
      for (let step = 0; step < steps; step += 1) {
        const chance = mix(blockSeed + Math.imul(inBlock + step, 0x85eb_ca6b));
        const shift = ((chance & 1_023) - 511.5) / 512;
        const exact = this.#from + slope * (inBlock + step) + scatterCents * shift;
        let price = Math.floor(exact + 0.5);
        if (price < 1) price = 1;
        else if (price > highest) price = highest;
        const spread = (((chance >>> 10) & 127) * ((chance >>> 17) & 127)) / 4_032;
        let quantity = 1 + Math.floor(lot * spread);
        if (quantity > this.#maxQuantity) quantity = this.#maxQuantity;
        const word = 4 * (firstRecord + done + step);
        words[word + 2] = price;
        words[word + 3] = chance >>> 24 < buyBelow ? quantity + buyBit : quantity;
      }
      done += steps;
    }
  }

  #enter(block: number): void {
    if (block === this.#block) return;
    this.#from = block === this.#block + 1 && this.#block >= 0 ? this.#to : this.#anchor(block);
    this.#to = this.#anchor(block + 1);
    this.#block = block;
  }

  /** The price where a block begins, in fractional cents. */
  #anchor(block: number): number {
    const { basePriceCents, volatility } = this.#company;
    let share = 0;
    for (let scale = 0; scale < scales.length; scale += 1) {
      const { blocks, reach } = scales[scale] as (typeof scales)[number];
      const point = Math.floor(block / blocks);
      const along = block / blocks - point;
      const left = this.#chance(scale, point);
      share += reach * (left + (this.#chance(scale, point + 1) - left) * along);
    }
    return basePriceCents * (1 + volatility * share + this.#jumps(block));
  }

  #jumps(block: number): number {
    const { jumpChance, jumpSize } = this.#company;
    const window = Math.floor(block / jumpWindowBlocks);
    let share = 0;
    for (let each = Math.max(0, window - 2); each <= window; each += 1) {
      if ((this.#chance(purposes.jump, each) + 1) / 2 >= jumpChance) continue;
      const place = (each + (this.#chance(purposes.jumpPlace, each) + 1) / 2) * jumpWindowBlocks;
      const since = block - place;
      if (since < 0 || since > 2 * jumpWindowBlocks) continue;
      share += jumpSize * this.#chance(purposes.jumpSize, each) * (1 - since / (2 * jumpWindowBlocks));
    }
    return share;
  }

  /** A number in [−1, 1) that depends on the purpose and the place alone. */
  #chance(purpose: number, place: number): number {
    return mix(mix(this.#seed + Math.imul(purpose, 0xc2b2_ae35)) ^ Math.imul(place, 0x27d4_eb2f)) / 2_147_483_648 - 1;
  }
}

/** Scrambles 32 bits: neighbouring inputs give unrelated outputs. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0_aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}

function hashText(text: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return mix(hash);
}
