/** What the areas are called in the books: their accounts in wallets, their sales on the tape, and the pages of what memos name. */
import type { BookNames, NamedLink } from './area.ts';
import type { Language } from './language/formats.ts';

let books: readonly BookNames[] = [];

/** Called once, when the app starts. */
export function addBookNames(ofAreas: readonly BookNames[]): void {
  books = ofAreas;
}

/** The first answer of an area. */
function firstOf<Value>(of: (own: BookNames) => Value | undefined): Value | undefined {
  for (const own of books) {
    const value = of(own);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function waysToEarn(): readonly NamedLink[] {
  return books.flatMap(({ earning }) => earning ?? []);
}

/** Such as "The shop" for `revenue:shop`. */
export function accountName(id: string, language: Language): string | undefined {
  return firstOf(({ accounts }) => accounts?.[id])?.[language];
}

/** What is shown for a memo of the house; an id in it is `…`. */
export function memoText(memo: string, language: Language): string | undefined {
  return firstOf(({ memos }) => memos?.[memo])?.[language];
}

/** The page of an id such as KO-1234-5678-9ABC. */
export function pageOf(id: string): string | undefined {
  const page = firstOf(({ pages }) => pages?.[id.slice(0, id.indexOf('-'))]);
  return page === undefined ? undefined : `${page}/${id}`;
}

interface Instrument {
  /** Such as "Kontor Shop, Tea" for SHOP.TEA. */
  readonly name: string;
  /** Where such goods are sold. */
  readonly path: string;
  readonly market: string;
}

/** Undefined for companies. */
export function instrumentOf(code: string, language: Language): Instrument | undefined {
  const dot = code.indexOf('.');
  const prefix = code.slice(0, dot);
  const own = firstOf(({ instruments }) => (instruments?.prefix === prefix ? instruments : undefined));
  if (dot < 0 || own === undefined) return undefined;
  const kind = code.slice(dot + 1);
  const known = own.kinds?.[kind];
  const market = own.market[language];
  return { name: `${market}, ${known?.name[language] ?? kind}`, path: known?.path ?? own.path, market };
}
