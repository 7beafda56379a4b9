/** Products as CSV: a row for each variant, read with an error for each bad line, and written so that it can be read again. */
import { CsvReader, type CsvRow } from '#core/csv.ts';
import { csvCell, fromCsvCell } from '#core/csv-cell.ts';
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import { fieldRefusal, refuse } from '#core/refuse.ts';
import { shopRefusals } from '../refusals.ts';
import { maxPrice } from './arithmetic.ts';

const maxVariants = 20;

export interface ProductToSave {
  readonly id: string;
  readonly category: string;
  readonly name: string;
  readonly description: string;
  readonly keywords: string;
  readonly active: boolean;
  readonly variants: readonly VariantToSave[];
  /** Left out, what is stored in German stays. */
  readonly german?: { readonly name: string; readonly description: string };
}

interface VariantToSave {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly active: boolean;
  readonly germanName?: string;
}

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
  /** What the shelf is to hold, by variant; those whose field is empty stay as they are. */
  readonly stock: ReadonlyMap<string, number>;
}

/** Columns that are the same in all rows of a product. */
const sharedColumns = ['category', 'name', 'description', 'keywords'] as const;

interface ProductRow {
  readonly product: Omit<ProductToSave, 'variants' | 'active'>;
  readonly variant: VariantToSave;
  readonly stock: number | undefined;
}

/** Reads a file piece by piece. Throws when the file cannot be right, or at its end, with what is wrong in each line. */
export class ProductsReader {
  readonly #csv = new CsvReader();
  readonly #file = new FileReader();
  readonly #errors: ErrorDetail[] = [];
  #places: ReturnType<typeof placesIn> | undefined;
  #rows = 0;

  add(bytes: Uint8Array): void {
    for (const row of this.#csv.read(bytes)) this.#take(row);
  }

  end(): ProductsFile {
    for (const row of this.#csv.end()) this.#take(row);
    if (this.#places === undefined) placesIn(undefined);
    if (this.#rows === 0) throw invalid([fieldRefusal(shopRefusals, 'csv-empty', 'body', {})]);
    if (this.#errors.length > 0) throw invalid(this.#errors);
    return this.#file.whole();
  }

  #take(row: CsvRow): void {
    if (this.#places === undefined) {
      this.#places = placesIn(row);
      return;
    }
    this.#rows += 1;
    if (this.#rows > maxCsvRows) throw refuse(shopRefusals, 'csv-too-long', { most: maxCsvRows });
    if (this.#errors.length >= maxErrors) return;
    const field = `line ${row.line}`;
    const read =
      'problem' in row ? fieldRefusal(shopRefusals, 'csv-row', field, { problem: row.problem }) : readRow(row.fields, this.#places, field);
    const fault = 'message' in read ? read : this.#file.take(read, field);
    if (fault !== undefined) this.#errors.push(fault);
  }
}

/** Puts the rows of each product together. */
class FileReader {
  readonly #products = new Map<string, { first: ProductRow; variants: VariantToSave[] }>();
  readonly #stock = new Map<string, number>();
  readonly #seen = new Set<string>();

  /** Resolves what is wrong with the row beside those before it. */
  take(row: ProductRow, field: string): ErrorDetail | undefined {
    const { product, variant, stock } = row;
    if (this.#seen.has(variant.id)) return fieldRefusal(shopRefusals, 'csv-variant-twice', field, { variant: variant.id });
    this.#seen.add(variant.id);
    const known = this.#products.get(product.id);
    if (known === undefined) this.#products.set(product.id, { first: row, variants: [variant] });
    else {
      const column = sharedColumns.find((shared) => known.first.product[shared] !== product[shared]);
      if (column !== undefined) return fieldRefusal(shopRefusals, 'csv-differs', field, { column, product: product.id });
      if (known.variants.length >= maxVariants)
        return fieldRefusal(shopRefusals, 'csv-variants', field, { product: product.id, most: maxVariants });
      known.variants.push(variant);
    }
    if (stock !== undefined) this.#stock.set(variant.id, stock);
    return undefined;
  }

  whole(): ProductsFile {
    const products = [...this.#products.values()].map(({ first, variants }) => ({
      ...first.product,
      active: variants.some(({ active }) => active),
      variants,
    }));
    return { products, stock: this.#stock };
  }
}

function invalid(details: readonly ErrorDetail[]): KontorError {
  const [first] = details;
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  return new KontorError('invalid_input', `${first?.field}: ${first?.message}${more}. Nothing was imported.`, { details });
}

function placesIn(header: CsvRow | undefined): ReadonlyMap<Column, number> {
  const fields = header === undefined || 'problem' in header ? [] : header.fields;
  const names = fields.map((name) => name.trim().toLowerCase());
  const missing = csvColumns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw invalid([fieldRefusal(shopRefusals, 'csv-columns', 'line 1', { columns: missing.join(', ') })]);
  return new Map(csvColumns.map((column) => [column, names.indexOf(column)]));
}

/** What a field must look like; shopRefusals says it in words. */
const forms: Readonly<Record<Column, RegExp>> = {
  product: /^(?=.{1,80}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  category: /^(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  name: /^[^\p{Cc}]{1,120}$/u,
  description: /^[^\0]{0,4000}$/u,
  keywords: /^[^\p{Cc}]{0,400}$/u,
  variant: /^(?=.{1,60}$)[A-Z0-9]+(-[A-Z0-9]+)*$/,
  variant_name: /^[^\p{Cc}]{1,80}$/u,
  price: /^[1-9]\d{0,6}$/,
  active: /^(yes|no)$/,
  stock: /^(\d{1,6})?$/,
};

/** The fields, or what is wrong with the first bad one. */
function readRow(fields: readonly string[], places: ReadonlyMap<Column, number>, line: string): ProductRow | ErrorDetail {
  const field = (column: Column) => fromCsvCell(fields[places.get(column) ?? -1] ?? '').trim();
  const broken =
    csvColumns.find((column) => !forms[column].test(field(column))) ?? (Number(field('price')) > maxPrice ? 'price' : undefined);
  if (broken !== undefined) {
    const value = field(broken).slice(0, maxShownCharacters);
    return fieldRefusal(shopRefusals, 'csv-field', line, { column: broken, value });
  }
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

export function csvHead(): string {
  return `${csvColumns.join(',')}\r\n`;
}

export function csvLine({ product, variant, stock }: ProductRow & { readonly stock: number }): string {
  const { id, category, name, description, keywords } = product;
  const fields = [id, category, name, description, keywords, variant.id, variant.name, variant.price, variant.active ? 'yes' : 'no', stock];
  return `${fields.map(csvCell).join(',')}\r\n`;
}
