/**
 * The price of a simulated company: a walk that is a pure function of (seed, company, seq), so that a killed publisher
 * continues where the tape ends, and a batch can be recomputed.
 *
 * It is not a running sum, which would need all trades before it, but the sum of noise on many scales: each scale has random
 * points at fixed distances and lines between them. The longest scale is the drift; because none is longer, the price
 * returns to its base. Only + − × and Math.imul on doubles and integers: the same bits on every machine.
 */
import type { CompanyParameters } from './companies.ts';
import { buyBit, maxNotionalCents, maxPriceCents, maxQuantity } from './trades.ts';

/** Trades between two anchors of the price: a quarter of a second at 1,000 trades a second. */
const blockTrades = 256;
/**
 * The past that a new tape begins with has few trades (see history.ts). Each stands for as many blocks, and for as many
 * shares, as 1,000 trades a second would have made in its place, so that charts have no seam where the live tape begins.
 */
export const historyTradesPerMinute = 60;
const blocksPerHistoryTrade = 4;
const historyQuantityFactor = 1_000;
/** Distances of the random points, in blocks, and how far they reach: the root of the distance, as in a random walk. */
const scales = [4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144].map((blocks) => ({ blocks, reach: Math.sqrt(blocks / 262_144) }));
/** At most one jump in this many blocks; its effect ends after twice as many. */
const jumpWindowBlocks = 28_800;
const purposes = { jump: 101, jumpPlace: 102, jumpSize: 103, trade: 104, history: 105 };

export class Walk {
  readonly #company: CompanyParameters;
  readonly #seed: number;
  /** Trades of history at the beginning of the tape. */
  readonly #historyTrades: number;
  /** How far chance moves a price and a quantity, for each of its steps. */
  readonly #scatterStep: number;
  readonly #lotStep: number;
  readonly #highestCents: number;
  readonly #maxQuantity: number;
  #block = -1;
  #from = 0;
  #to = 0;
  #buyBelow = 0;

  constructor(seed: string, company: CompanyParameters, historyTrades: number) {
    this.#company = company;
    this.#seed = hashText(`${seed}\n${company.code}`);
    this.#historyTrades = historyTrades;
    this.#scatterStep = (company.basePriceCents * company.scatter) / 512;
    this.#lotStep = company.lot / 4_032;
    this.#highestCents = Math.min(maxPriceCents, company.basePriceCents * 4);
    this.#maxQuantity = Math.max(1, Math.min(maxQuantity, Math.floor(maxNotionalCents / this.#highestCents)));
  }

  /** Writes price and quantity-with-side of `count` trades from `firstSeq` on into the words of their records. */
  fill(words: Uint32Array, firstRecord: number, firstSeq: number, count: number): void {
    const inHistory = Math.min(count, Math.max(0, this.#historyTrades - (firstSeq - 1)));
    this.#fillHistory(words, firstRecord, firstSeq - 1, inHistory);
    this.#fillLive(words, firstRecord + inHistory, firstSeq - 1 + inHistory - this.#historyTrades, count - inHistory);
  }

  #fillHistory(words: Uint32Array, firstRecord: number, firstIndex: number, count: number): void {
    for (let step = 0; step < count; step += 1) {
      const block = (firstIndex + step) * blocksPerHistoryTrade;
      this.#from = step === 0 ? this.#anchor(block) : this.#to;
      this.#to = this.#anchor(block + blocksPerHistoryTrade);
      this.#leanTowardsTrend();
      const chance = mix(mix(this.#seed ^ Math.imul(block, 0x9e37_79b1)) ^ purposes.history);
      this.#write(words, firstRecord + step, this.#from, chance, this.#lotStep * historyQuantityFactor);
    }
    if (count > 0) this.#block = -1;
  }

  /** `firstIndex` counts from the first trade after the history. */
  #fillLive(words: Uint32Array, firstRecord: number, firstIndex: number, count: number): void {
    const firstBlock = this.#historyTrades * blocksPerHistoryTrade;
    for (let done = 0; done < count; ) {
      const inLive = Math.floor((firstIndex + done) / blockTrades);
      const inBlock = firstIndex + done - inLive * blockTrades;
      const steps = Math.min(count - done, blockTrades - inBlock);
      this.#enter(firstBlock + inLive);
      const slope = (this.#to - this.#from) / blockTrades;
      const blockSeed = mix(this.#seed ^ Math.imul(inLive, 0x9e37_79b1) ^ purposes.trade);
      for (let step = 0; step < steps; step += 1) {
        const chance = mix(blockSeed + Math.imul(inBlock + step, 0x85eb_ca6b));
        this.#write(words, firstRecord + done + step, this.#from + slope * (inBlock + step), chance, this.#lotStep);
      }
      done += steps;
    }
  }

  /** One trade near a price; 32 bits of chance decide how near, how much and on which side. `| 0` rounds down: all is positive. */
  #write(words: Uint32Array, record: number, nearCents: number, chance: number, lotStep: number): void {
    let price = (nearCents + this.#scatterStep * ((chance & 1_023) - 511.5) + 0.5) | 0;
    if (price < 1) price = 1;
    else if (price > this.#highestCents) price = this.#highestCents;
    let quantity = (1 + lotStep * ((chance >>> 10) & 127) * ((chance >>> 17) & 127)) | 0;
    if (quantity > this.#maxQuantity) quantity = this.#maxQuantity;
    words[4 * record + 2] = price;
    words[4 * record + 3] = chance >>> 24 < this.#buyBelow ? quantity + buyBit : quantity;
  }

  #enter(block: number): void {
    if (block === this.#block) return;
    this.#from = block === this.#block + 1 && this.#block >= 0 ? this.#to : this.#anchor(block);
    this.#to = this.#anchor(block + 1);
    this.#block = block;
    this.#leanTowardsTrend();
  }

  /** More buying than selling while the price rises, and the other way round: of 256. */
  #leanTowardsTrend(): void {
    this.#buyBelow = this.#to >= this.#from ? 142 : 114;
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
