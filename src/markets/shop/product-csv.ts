/** Products as CSV: a row for each variant, read with an error for each bad line, and written so that it can be read again. */
import { CsvReader, type CsvRow } from '#core/csv.ts';
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import { maxPrice } from './domain.ts';
import { maxVariants, type ProductToSave, type VariantToSave } from './goods.ts';

export const csvColumns = [
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

export const maxCsvRows = 20_000;
const maxErrors = 100;

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

export function readProducts(bytes: Uint8Array): ProductsFile {
  const reader = new CsvReader();
  const [header, ...rows] = [...reader.read(bytes), ...reader.end()];
  const places = placesIn(header);
  if (rows.length === 0) throw invalid([{ field: 'body', message: 'The file holds no products: add a row for each variant' }]);
  if (rows.length > maxCsvRows) throw new KontorError('too_large', `The file has more than ${maxCsvRows} rows: import it in parts.`);
  const errors: ErrorDetail[] = [];
  const products = new Map<string, { first: ProductRow; variants: VariantToSave[] }>();
  const stock = new Map<string, number>();
  const seen = new Set<string>();
  for (const row of rows) {
    const read = 'problem' in row ? row.problem : readRow(row.fields, places);
    const problem = typeof read === 'string' ? read : take(read);
    if (problem !== undefined) errors.push({ field: `line ${row.line}`, message: problem });
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

  function take(read: ProductRow): string | undefined {
    const { product, variant } = read;
    if (seen.has(variant.id)) return `variant ${variant.id} is in the file already: each has one row`;
    seen.add(variant.id);
    const known = products.get(product.id);
    if (known === undefined) products.set(product.id, { first: read, variants: [variant] });
    else {
      const differs = (['category', 'name', 'description', 'keywords'] as const).find(
        (field) => known.first.product[field] !== product[field],
      );
      if (differs !== undefined)
        return `${differs} differs from an earlier row of the product ${product.id}: write the same in all of them`;
      if (known.variants.length >= maxVariants) return `product ${product.id} has more than ${maxVariants} variants`;
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

function placesIn(header: CsvRow | undefined): ReadonlyMap<Column, number> {
  if (header === undefined || 'problem' in header)
    throw invalid([{ field: 'line 1', message: `must name the columns ${csvColumns.join(', ')}` }]);
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const missing = csvColumns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw invalid([{ field: 'line 1', message: `lacks the columns ${missing.join(', ')}` }]);
  return new Map(csvColumns.map((column) => [column, names.indexOf(column)]));
}

/** The fields, or what is wrong with the first bad one. */
function readRow(fields: readonly string[], places: ReadonlyMap<Column, number>): ProductRow | string {
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
  if (broken !== undefined) return `${broken[0]} ${broken[2]}, not ${JSON.stringify(field(broken[0]).slice(0, 60))}`;
  if (Number(field('price')) > maxPrice) return `price must be whole coins from 1 to ${maxPrice}, not ${field('price')}`;
  return {
    product: {
      ...{ id: field('product'), category: field('category'), name: field('name') },
      ...{ description: field('description'), keywords: field('keywords') },
    },
    variant: { id: field('variant'), name: field('variant_name'), price: Number(field('price')), active: field('active') === 'yes' },
    stock: field('stock') === '' ? undefined : Number(field('stock')),
  };
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
