/** Search that forgives slips: texts as words and trigrams, and how well a text answers a query. One way for both dialects. */

const maxQueryCharacters = 100;
const maxQueryWords = 8;

/** Lower case and without accents, as people type who do not have the letter at hand: `Körbe` → `korbe`. */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll('ß', 'ss');
  return plain.match(/[\p{Letter}\p{Number}]+/gu) ?? [];
}

export function queryWords(query: string): readonly string[] {
  return [...new Set(wordsOf(query.slice(0, maxQueryCharacters)))].slice(0, maxQueryWords);
}

/** Three letters at a time, with the beginning and the end of the word marked, so that beginnings weigh more. */
export function trigramsOf(word: string): readonly string[] {
  const padded = `  ${word} `;
  const trigrams = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at += 1) trigrams.add(padded.slice(at, at + 3));
  return [...trigrams];
}

export function trigramsOfAll(words: readonly string[]): readonly string[] {
  return [...new Set(words.flatMap(trigramsOf))];
}

/** A text as it is searched: words of its name weigh more than those about it. */
export interface SearchedText {
  readonly name: readonly string[];
  readonly about: readonly string[];
}

export function searchedText(text: { name: string; germanName: string; keywords: string; category: string }): SearchedText {
  const { name, germanName, keywords, category } = text;
  return { name: wordsOf(name), about: [germanName, keywords, category].flatMap(wordsOf) };
}

/** 0 where a word of the query has no counterpart; else the higher the better. */
export function scoreOf(words: readonly string[], { name, about }: SearchedText): number {
  let score = 0;
  for (const word of words) {
    const best = Math.max(bestMatch(word, name) * 2, bestMatch(word, about));
    if (best === 0) return 0;
    score += best;
  }
  return score / Math.max(1, words.length);
}

function bestMatch(word: string, candidates: readonly string[]): number {
  let best = 0;
  for (const candidate of candidates) best = Math.max(best, similarity(word, candidate));
  return best;
}

function similarity(word: string, candidate: string): number {
  if (word === candidate) return 1;
  // What is being typed right now: the beginning counts as nearly the word.
  if (word.length >= 2 && candidate.startsWith(word)) return 0.9;
  if (word.length < 3) return 0;
  if (word.length >= 4 && candidate.includes(word)) return 0.7;
  const slips = slipsBetween(word, candidate);
  return slips <= slipsAllowed(word) ? 0.6 - slips * 0.15 : 0;
}

/** A slip in a word of four letters or more, a second one in longer words. */
function slipsAllowed(word: string): number {
  return word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
}

/** Letters left out, added, mistaken, or two neighbours swapped: the fewest that turn one word into the other. */
function slipsBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const choices = [(last[column - 1] ?? 0) + (same ? 0 : 1), (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1];
      if (swapped && row > 1 && column > 1) choices.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...choices));
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
}
