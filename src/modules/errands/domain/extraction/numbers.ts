/** Numbers in texts that people write, such as `1.234,56 €` or `$1,234.56`. */

/** What may separate thousands. */
const groups = "[.,'’\\u00a0\\u2009\\u202f ]";
const currency = '(?:[€$£¥₹₽]|[A-Z]{3}|kr|zł|Fr\\.)';

const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}.,])([-−–+]?)\\s?(${currency}?)\\s?([-−–]?)` +
    `(?:(\\d{1,3})((${groups})\\d{3}(?:\\6\\d{3})*)(?![\\d])(?:([.,])(\\d+))?|(\\d+)(?:([.,])(\\d+))?(?:[eE]([-+]?\\d{1,2}))?)` +
    `\\s?(${currency}?)`,
  'u',
);

/** Further into a text, nobody means the number. */
const lookWithin = 500;

/** The first number; `decimal` decides about texts such as `1.234`, which mean different things in different countries. */
export function numberIn(text: string, decimal?: '.' | ','): number | undefined {
  const match = pattern.exec(text.slice(0, lookWithin));
  if (match === null) return undefined;
  const [, before, symbol, after, first, grouped, separator, mark, decimals, plain, plainMark, plainDecimals, exponent, unit] = match;
  const negative = isMinus(before) || isMinus(after);
  const isMoney = symbol !== '' || unit !== '';
  let digits: string;
  if (first === undefined) digits = asDigits(plain ?? '', plainMark, plainDecimals) + (exponent === undefined ? '' : `e${exponent}`);
  else if (isDecimal(first, grouped ?? '', separator, mark, isMoney, decimal)) digits = asDigits(first, separator, grouped?.slice(1));
  else digits = asDigits(first + (grouped ?? '').replaceAll(/\D/g, ''), mark, decimals);
  const number = Number(negative ? `-${digits}` : digits);
  return Number.isFinite(number) ? number : undefined;
}

/** Whether the one separator of a number such as `1.234` is before decimals, and not between thousands. */
function isDecimal(
  first: string,
  grouped: string,
  separator: string | undefined,
  mark: string | undefined,
  isMoney: boolean,
  decimal?: string,
) {
  if (mark !== undefined || grouped.length !== 4 || (separator !== '.' && separator !== ',')) return false;
  if (first === '0') return true;
  // Prices have no three decimals; where there is no currency, a comma is more often between thousands than a dot.
  return decimal === undefined ? separator === '.' && !isMoney : separator === decimal;
}

function asDigits(whole: string, mark: string | undefined, decimals: string | undefined): string {
  return mark === undefined || decimals === undefined ? whole : `${whole}.${decimals}`;
}

function isMinus(sign: string | undefined): boolean {
  return sign === '-' || sign === '−' || sign === '–';
}
