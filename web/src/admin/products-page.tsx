/** All products with what is left of them; new ones one by one, or many from a file. */
import type { Product } from '../../../src/markets/shop/schemas.ts';
import { RequestFailure } from '../api/api.ts';
import { usePages } from '../api/use-pages.ts';
import { Coins } from '../design/coins.tsx';
import { CheckField, Form, TextField, type Typed } from '../design/form.tsx';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/pages.tsx';
import { Empty } from '../design/states.tsx';
import { useToasts } from '../design/toasts.tsx';
import { useFormats } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { useDepartmentNames } from '../shop/departments.ts';
import { importProducts, loadProducts, productsFile } from './sources.ts';
import { useAdminWords } from './words.ts';

const maxFileBytes = 8 * 1_024 * 1_024;
const lowStock = 10;

export function AdminProductsPage() {
  const { pages: titles, products: words } = useAdminWords();
  const pages = usePages(loadProducts);
  return (
    <>
      <section className="sheet" aria-labelledby="products">
        <div className="sheet-head">
          <h2 id="products">{titles.products}</h2>
          <div className="form-actions">
            <a className="button" href={productsFile} download="products.csv">
              {words.export}
            </a>
            <Link className="button button-strong" href="/admin/products/new">
              {words.add}
            </Link>
          </div>
        </div>
        <Loaded resource={pages.list}>
          {(products) =>
            products.length === 0 ? <Empty title={words.empty} hint={words.emptyHint} /> : <ProductTable products={products} />
          }
        </Loaded>
        <div className="sheet-foot">
          <More pages={pages} />
        </div>
      </section>
      <ImportSheet onImported={pages.reload} />
    </>
  );
}

function ProductTable({ products }: { products: readonly Product[] }) {
  const { products: words } = useAdminWords();
  const departmentName = useDepartmentNames();
  const formats = useFormats();
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th scope="col">{words.product}</th>
          <th scope="col">{words.department}</th>
          <th scope="col" className="ledger-figure">
            {words.price}
          </th>
          <th scope="col" className="ledger-figure">
            {words.stock}
          </th>
        </tr>
      </thead>
      <tbody>
        {products.map(({ id, name, category, active, variants }) => {
          const prices = variants.map(({ price }) => price);
          const left = variants.filter((variant) => variant.active).map(({ available }) => available);
          const least = Math.min(...left);
          return (
            <tr key={id}>
              <th scope="row">
                <Link href={`/admin/products/${id}`}>{name}</Link>
                {!active && <span className="label">{words.notForSale}</span>}
              </th>
              <td>{departmentName(category)}</td>
              <td className="ledger-figure">
                <Coins amount={Math.min(...prices)} />
              </td>
              <td className="ledger-figure">
                {left.map((available) => formats.whole(available)).join(' · ')}
                {least < lowStock && (
                  <>
                    {' '}
                    <span className={least <= 0 ? 'badge badge-bad' : 'badge badge-warning'}>
                      {least <= 0 ? words.noneLeft : words.lowStock}
                    </span>
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function ImportSheet({ onImported }: { onImported: () => void }) {
  const { products: words } = useAdminWords();
  const formats = useFormats();
  const tell = useToasts();
  const send = async (typed: Typed, form: HTMLFormElement) => {
    const file = new FormData(form).get('file');
    if (!(file instanceof File)) return;
    if (file.size > maxFileBytes) throw new RequestFailure(413, words.tooLarge);
    const { products, variants, dryRun } = await importProducts(file, typed('check') !== '');
    tell('good', (dryRun ? words.checked : words.imported)(formats.whole(products), formats.whole(variants)));
    if (dryRun) return;
    form.reset();
    onImported();
  };
  return (
    <section className="sheet" aria-labelledby="import">
      <div className="sheet-head">
        <h2 id="import">{words.import}</h2>
      </div>
      <div className="sheet-body">
        <p className="soft">{words.importHint}</p>
        <Form submit={words.import} plain onSubmit={send}>
          <TextField label={words.file} name="file" type="file" accept=".csv,text/csv" />
          <CheckField label={words.check} name="check" defaultChecked />
        </Form>
      </div>
    </section>
  );
}
