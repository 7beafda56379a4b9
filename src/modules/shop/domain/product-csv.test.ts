/** Products as CSV: what was written is read again, and what is wrong is told line by line. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { demoProducts } from '../demo/demo-shop.ts';
import { csvHead, csvLine, ProductsReader } from './product-csv.ts';

function readProducts(file: Uint8Array) {
  const reader = new ProductsReader();
  reader.add(file);
  return reader.end();
}

const bytes = (text: string) => new TextEncoder().encode(text);
const head = csvHead();

it('reads back what it wrote: the whole demonstration', () => {
  const products = demoProducts();
  const text = products.flatMap(({ variants, active: _active, ...product }) =>
    variants.map((variant) => csvLine({ product, variant, stock: 7 })),
  );
  const read = readProducts(bytes(head + text.join('')));
  assert.deepEqual(read.products, products);
  assert.equal(read.stock.size, text.length);
  assert.equal(products.length, 200);
  assert.equal(new Set(products.map(({ id }) => id)).size, 200);
});

it('leaves the stock alone where its field is empty', () => {
  assert.deepEqual([...readProducts(bytes(`${head}tea,tea,Tea,"with ""milk"", hot",,T-1,Cup,3,yes,\n`)).stock], []);
});

it('names every bad line with the field and what it must be, and reads nothing', () => {
  const good = 'tea,tea,Tea,,,T-1,Cup,3,yes,5';
  const rows = [
    good,
    'Tea!,tea,Tea,,,T-2,Cup,3,yes,5',
    'tea,tea,Tea,,,T-3,Cup,0,yes,5',
    good,
    'tea,tea,Other,,,T-4,Cup,3,yes,5',
    'tea,tea,Tea,,,T-5,Cup,3,maybe,5',
  ];
  assert.throws(
    () => readProducts(bytes(head + rows.join('\n'))),
    (error) => {
      assert.ok(error instanceof KontorError);
      assert.deepEqual(
        error.details.map(({ field }) => field),
        ['line 3', 'line 4', 'line 5', 'line 6', 'line 7'],
      );
      const [slug, price, twice, differs, active] = error.details.map(({ message }) => message);
      assert.match(slug ?? '', /product cannot be “Tea!” \(it must be lower-case/);
      assert.match(price ?? '', /price cannot be “0” \(it must be whole coins/);
      assert.match(twice ?? '', /T-1 is in the file already/);
      assert.match(differs ?? '', /name differs/);
      assert.match(active ?? '', /active cannot be “maybe” \(it must be yes or no/);
      return true;
    },
  );
  assert.throws(() => readProducts(bytes('product,name\nx,y')), /must name these columns, too: category, description/);
  assert.throws(() => readProducts(bytes('')), /must name these columns/);
  assert.throws(() => readProducts(bytes(head)), /holds no products/);
});
