/** Finds airports by what people type: a code, a city or a name, unfinished, without accents, or misspelt. */
import type { Airport } from './airports.ts';
import { germanCity } from './german-cities.ts';

interface Entry {
  readonly airport: Airport;
  readonly code: string;
  /** The city in its languages. */
  readonly cities: readonly string[];
  readonly words: readonly string[];
}

/** The lower, the better; undefined for no match at all. */
type Rank = number | undefined;
const exactCode = 0;
const cityBegins = 1;
const wordsBegin = 2;
const codeBegins = 3;
const misspelt = 4;

/** Letters that do not come apart into a plain one and an accent. */
const plainLetters: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ı: 'i', þ: 'th', ð: 'd' };
const maxWords = 6;

export class AirportSearch {
  readonly #entries: readonly Entry[];

  constructor(airports: readonly Airport[]) {
    this.#entries = airports.map((airport) => {
      const cities = [airport.city, germanCity(airport.code) ?? ''].map(plain).filter((city) => city !== '');
      return { airport, code: airport.code.toLowerCase(), cities, words: [...new Set([...cities, plain(airport.name)].flatMap(wordsOf))] };
    });
  }

  /** The best first: the closer match, then the airport with more services. */
  find(text: string, limit: number, servicesOf: (code: string) => number): readonly Airport[] {
    const asked = plain(text);
    const words = wordsOf(asked).slice(0, maxWords);
    if (words.length === 0) return [];
    const exact = this.#ranked((entry) => exactRank(entry, asked, words));
    const found = exact.length > 0 ? exact : this.#misspelt(words);
    return found
      .map(({ airport, rank }) => ({ airport, rank, services: servicesOf(airport.code) }))
      .sort((one, other) => one.rank - other.rank || other.services - one.services || other.airport.weight - one.airport.weight)
      .slice(0, limit)
      .map(({ airport }) => airport);
  }

  #misspelt(asked: readonly string[]) {
    // Many airports share their words: each is looked at once.
    const known = asked.map((word) => ({ word, begun: new Map<string, boolean>() }));
    return this.#ranked(({ words }) =>
      known.every(({ word, begun }) => words.some((other) => begins(other, word, begun))) ? misspelt : undefined,
    );
  }

  #ranked(rankOf: (entry: Entry) => Rank): readonly { readonly airport: Airport; readonly rank: number }[] {
    return this.#entries.flatMap((entry) => {
      const rank = rankOf(entry);
      return rank === undefined ? [] : [{ airport: entry.airport, rank }];
    });
  }
}

function exactRank({ code, cities, words }: Entry, asked: string, askedWords: readonly string[]): Rank {
  if (code === asked) return exactCode;
  if (cities.some((city) => city.startsWith(asked))) return cityBegins;
  if (askedWords.every((asked) => asked === code || words.some((word) => word.startsWith(asked)))) return wordsBegin;
  return code.startsWith(asked) ? codeBegins : undefined;
}

/** Lower case, without accents. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[ßøæœłđıþð]/g, (letter) => plainLetters[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim();
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** Whether it is the beginning of a word but for a letter or two. */
function begins(word: string, asked: string, known: Map<string, boolean>): boolean {
  const most = asked.length < 4 ? 0 : asked.length < 8 ? 1 : 2;
  const answer = known.get(word) ?? editsToBegin(word, asked, most) <= most;
  known.set(word, answer);
  return answer;
}

/** Letters to add, drop, change, or swap with the next one until `asked` begins `word`; more than `most` when it is more. */
function editsToBegin(word: string, asked: string, most: number): number {
  if (word.length < asked.length - most) return most + 1;
  // Letters further on make no difference.
  const width = Math.min(word.length, asked.length + most);
  let before: number[] = [];
  let last = Array.from({ length: width + 1 }, (_, place) => place);
  for (let row = 1; row <= asked.length; row += 1) {
    const current = [row];
    let least = row;
    for (let place = 1; place <= width; place += 1) {
      const same = asked[row - 1] === word[place - 1] ? 0 : 1;
      let edits = Math.min((last[place - 1] ?? 0) + same, (last[place] ?? 0) + 1, (current[place - 1] ?? 0) + 1);
      const isSwap = row > 1 && place > 1 && asked[row - 1] === word[place - 2] && asked[row - 2] === word[place - 1];
      if (isSwap) edits = Math.min(edits, (before[place - 2] ?? 0) + 1);
      current.push(edits);
      least = Math.min(least, edits);
    }
    if (least > most) return most + 1;
    before = last;
    last = current;
  }
  return Math.min(...last);
}
