/** Products as CSV: a row for each variant, read with an error for each bad line, and written so that it can be read again. */
import { CsvReader, type CsvRow } from '#core/csv.ts';
import { type ErrorDetail, KontorError, type ReasonIn, refusal } from '#core/errors.ts';
import type { ShopReasons } from '../../api/reasons.ts';
import { maxPrice } from '../../domain/arithmetic.ts';
import { maxVariants, type ProductToSave, type VariantToSave } from './goods.ts';

const csvColumns = [
  'product',
  'category',
  'name',
  'description',
  'keywords',
  'variant',
  'variant_name',
  'price',
  'active',
  'stock',
] as const;
type Column = (typeof csvColumns)[number];

const maxCsvRows = 20_000;
const maxErrors = 100;
const maxShownCharacters = 60;

export interface ProductsFile {
  readonly products: readonly ProductToSave[];
  /** What the shelf shall hold, by variant; those whose field is empty stay as they are. */
  readonly stock: ReadonlyMap<string, number>;
}

interface ProductRow {
  readonly product: Omit<ProductToSave, 'variants' | 'active'>;
  readonly variant: VariantToSave;
  readonly stock: number | undefined;
}

/** What is wrong with a row: for pages, and in words. */
interface RowFault {
  readonly reason: ReasonIn<ShopReasons>;
  readonly message: string;
}

export function readProducts(bytes: Uint8Array): ProductsFile {
  const reader = new CsvReader();
  const [header, ...rows] = [...reader.read(bytes), ...reader.end()];
  const places = placesIn(header);
  if (rows.length === 0)
    throw invalid([
      { field: 'body', reason: { name: 'csv-empty', values: {} }, message: 'The file holds no products: add a row for each variant' },
    ]);
  if (rows.length > maxCsvRows)
    throw refusal<ShopReasons>(
      'too_large',
      { name: 'csv-too-long', values: { most: maxCsvRows } },
      `The file has more than ${maxCsvRows} rows: import it in parts.`,
    );
  const errors: ErrorDetail[] = [];
  const products = new Map<string, { first: ProductRow; variants: VariantToSave[] }>();
  const stock = new Map<string, number>();
  const seen = new Set<string>();
  for (const row of rows) {
    const read = 'problem' in row ? unreadable(row.problem) : readRow(row.fields, places);
    const fault = 'reason' in read ? read : take(read);
    if (fault !== undefined) errors.push({ field: `line ${row.line}`, ...fault });
    if (errors.length >= maxErrors) break;
  }
  if (errors.length > 0) throw invalid(errors);
  return {
    products: [...products.values()].map(({ first, variants }) => ({
      ...first.product,
      active: variants.some(({ active }) => active),
      variants,
    })),
    stock,
  };

  function take(read: ProductRow): RowFault | undefined {
    const { product, variant } = read;
    if (seen.has(variant.id)) {
      const message = `variant ${variant.id} is in the file already: each has one row`;
      return { reason: { name: 'csv-variant-twice', values: { variant: variant.id } }, message };
    }
    seen.add(variant.id);
    const known = products.get(product.id);
    if (known === undefined) products.set(product.id, { first: read, variants: [variant] });
    else {
      const differs = (['category', 'name', 'description', 'keywords'] as const).find(
        (field) => known.first.product[field] !== product[field],
      );
      if (differs !== undefined) {
        const message = `${differs} differs from an earlier row of the product ${product.id}: write the same in all of them`;
        return { reason: { name: 'csv-differs', values: { column: differs, product: product.id } }, message };
      }
      if (known.variants.length >= maxVariants) {
        const message = `product ${product.id} has more than ${maxVariants} variants`;
        return { reason: { name: 'csv-variants', values: { product: product.id, most: maxVariants } }, message };
      }
      known.variants.push(variant);
    }
    if (read.stock !== undefined) stock.set(variant.id, read.stock);
    return undefined;
  }
}

function invalid(details: readonly ErrorDetail[]): KontorError {
  const [first] = details;
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  return new KontorError('invalid_input', `${first?.field}: ${first?.message}${more}. Nothing was imported.`, { details });
}

function unreadable(message: string): RowFault {
  return { reason: { name: 'csv-row', values: {} }, message };
}

function columnsFault(columns: readonly string[], message: string): KontorError {
  return invalid([{ field: 'line 1', reason: { name: 'csv-columns', values: { columns: columns.join(', ') } }, message }]);
}

function placesIn(header: CsvRow | undefined): ReadonlyMap<Column, number> {
  if (header === undefined || 'problem' in header) throw columnsFault(csvColumns, `must name the columns ${csvColumns.join(', ')}`);
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const missing = csvColumns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw columnsFault(missing, `lacks the columns ${missing.join(', ')}`);
  return new Map(csvColumns.map((column) => [column, names.indexOf(column)]));
}

/** The fields, or what is wrong with the first bad one. */
function readRow(fields: readonly string[], places: ReadonlyMap<Column, number>): ProductRow | RowFault {
  const field = (column: Column) => (fields[places.get(column) ?? -1] ?? '').trim();
  const rules: readonly (readonly [Column, RegExp, string])[] = [
    ['product', /^(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and hyphens, such as darjeeling-first-flush'],
    ['category', /^(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the id of a category, such as tea'],
    ['name', /^[^\p{Cc}]{1,120}$/u, 'must have 1 to 120 characters on one line'],
    ['description', /^[^\0]{0,4000}$/u, 'must have at most 4000 characters'],
    ['keywords', /^[^\p{Cc}]{0,400}$/u, 'must have at most 400 characters on one line'],
    ['variant', /^(?=.{1,60}$)[A-Z0-9]+(-[A-Z0-9]+)*$/, 'must be upper-case letters, digits and hyphens, such as TEA-001-1'],
    ['variant_name', /^[^\p{Cc}]{1,80}$/u, 'must have 1 to 80 characters on one line'],
    ['price', /^[1-9]\d{0,6}$/, `must be whole coins from 1 to ${maxPrice}`],
    ['active', /^(yes|no)$/, 'must be yes or no'],
    ['stock', /^(\d{1,6})?$/, 'must be pieces from 0 to 999999, or empty to leave the stock as it is'],
  ];
  const broken = rules.find(([column, form]) => !form.test(field(column)));
  if (broken !== undefined) return fieldFault(broken[0], broken[2], field(broken[0]));
  if (Number(field('price')) > maxPrice) return fieldFault('price', `must be whole coins from 1 to ${maxPrice}`, field('price'));
  return {
    product: {
      id: field('product'),
      category: field('category'),
      name: field('name'),
      description: field('description'),
      keywords: field('keywords'),
    },
    variant: { id: field('variant'), name: field('variant_name'), price: Number(field('price')), active: field('active') === 'yes' },
    stock: field('stock') === '' ? undefined : Number(field('stock')),
  };
}

function fieldFault(column: Column, must: string, was: string): RowFault {
  const value = was.slice(0, maxShownCharacters);
  return { reason: { name: 'csv-field', values: { column, value } }, message: `${column} ${must}, not ${JSON.stringify(value)}` };
}

export function csvHead(): string {
  return `${csvColumns.join(',')}\r\n`;
}

export interface ExportedVariant {
  readonly product: Omit<ProductToSave, 'variants' | 'active'>;
  readonly variant: VariantToSave;
  readonly stock: number;
}

export function csvLine({ product, variant, stock }: ExportedVariant): string {
  const { id, category, name, description, keywords } = product;
  const fields = [id, category, name, description, keywords, variant.id, variant.name, variant.price, variant.active ? 'yes' : 'no', stock];
  return `${fields.map((field) => quoted(String(field))).join(',')}\r\n`;
}

function quoted(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
