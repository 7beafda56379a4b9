/** What the demonstration's site tells at a time: always the same for the same time, so that everybody who fetches it sees the same. */

export interface Good {
  readonly id: string;
  readonly name: string;
  readonly cents: number;
}

export interface Headline {
  readonly number: number;
  readonly at: number;
  readonly text: string;
}

/** Prices change as often. */
export const priceStepMs = 2_000;
/** As often a ship comes in. */
export const newsStepMs = 15_000;
const shownHeadlines = 6;
/** The moody page fails in the first of three spells. */
const spellMs = 20_000;
const spells = 3;

const goods = [
  { id: 'tea', name: 'Green tea, a chest', baseCents: 8_450 },
  { id: 'coffee', name: 'Coffee, a sack', baseCents: 21_900 },
  { id: 'pepper', name: 'Pepper, a barrel', baseCents: 13_200 },
  { id: 'salt', name: 'Salt, a ton', baseCents: 6_120 },
  { id: 'amber', name: 'Amber, a pound', baseCents: 45_700 },
] as const;

export function goodsAt(now: number): readonly Good[] {
  const step = Math.floor(now / priceStepMs);
  return goods.map(({ id, name, baseCents }, index) => {
    const tide = 0.05 * Math.sin((step + index * 37) / 23) + 0.02 * Math.sin((step + index * 11) / 7);
    const gust = (scattered(step * goods.length + index) % 1_001) / 1_000 - 0.5;
    return { id, name, cents: Math.round(baseCents * (1 + tide + 0.01 * gust)) };
  });
}

const ships = ['Adler von Lübeck', 'Bunte Kuh', 'Peter von Danzig', 'Jesus of Lübeck', 'Wappen von Hamburg', 'Roland von Bremen'];
const harbours = ['Bergen', 'Riga', 'Novgorod', 'Bruges', 'London', 'Visby', 'Gdańsk', 'Tallinn'];
const cargoes = ['stockfish', 'furs', 'wax', 'cloth', 'salt', 'herring', 'amber', 'wine'];

/** The newest first. */
export function headlinesAt(now: number): readonly Headline[] {
  const newest = Math.floor(now / newsStepMs);
  return Array.from({ length: shownHeadlines }, (_, index) => {
    const number = newest - index;
    const dice = scattered(number);
    const [ship, harbour, cargo] = [pick(ships, dice), pick(harbours, dice >>> 8), pick(cargoes, dice >>> 16)];
    return { number, at: number * newsStepMs, text: `The ${ship} is in from ${harbour} with ${cargo}` };
  });
}

export function isMoodyAt(now: number): boolean {
  return Math.floor(now / spellMs) % spells === 0;
}

function pick(names: readonly string[], dice: number): string {
  return names[dice % names.length] ?? '';
}

/** Scatters numbers that follow each other over 32 bits. */
function scattered(number: number): number {
  let mixed = Math.imul((number ^ (number >>> 16)) + 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
