/** All products with what is left of them; new ones one by one, or many from a file. */
import { useCallback, useDeferredValue } from 'react';
import type { Product } from '#modules/shop/api/catalogue/contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { usePages } from '#web/api/use-pages.ts';
import { Coins } from '#web/design/coins.tsx';
import { FindFilter } from '#web/design/filters.tsx';
import { CheckField, Form, TextField, type Typed } from '#web/design/form.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { Link, useQuery } from '#web/routing/navigation.tsx';
import { useDepartmentNames } from '../departments.ts';
import { adminNames } from '../names.ts';
import { LevelBadge } from './level-badge.tsx';
import { importProducts, loadProducts, productsFile } from './sources.ts';
import { useShopAdminWords } from './words.ts';

const maxFileBytes = 8 * 1_024 * 1_024;

export function AdminProductsPage() {
  const { products: words } = useShopAdminWords();
  const title = useName(adminNames.products);
  const search = useDeferredValue((useQuery().get('search') ?? '').trim());
  const pages = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadProducts(search, after, signal), [search]));
  const tools = (
    <div className="form-actions">
      <FindFilter name="search" label={words.search} hint={words.searchHint} className="sheet-find" />
      <a className="button" href={productsFile} download="products.csv">
        {words.export}
      </a>
      <Link className="button button-strong" href="/admin/products/new">
        {words.add}
      </Link>
    </div>
  );
  return (
    <>
      <ListSheet
        title={title}
        tools={tools}
        pages={pages}
        empty={
          search === '' ? <Empty title={words.empty} hint={words.emptyHint} /> : <Empty title={words.notFound} hint={words.searchHint} />
        }
      >
        {(products) => <ProductTable products={products} />}
      </ListSheet>
      <ImportSheet onImported={pages.reload} />
    </>
  );
}

export function ProductTable({ products }: { products: readonly Product[] }) {
  const { products: words } = useShopAdminWords();
  const departmentName = useDepartmentNames();
  const formats = useFormats();
  const columns: readonly Column<Product>[] = [
    {
      head: words.product,
      kind: 'name',
      cell: ({ id, name, active }) => (
        <>
          <Link href={`/admin/products/${id}`}>{name}</Link>
          {!active && <span className="label">{words.notForSale}</span>}
        </>
      ),
    },
    { head: words.department, cell: ({ category }) => departmentName(category) },
    {
      head: words.price,
      kind: 'figure',
      cell: ({ variants }) => <Coins amount={Math.min(...variants.map(({ price }) => price))} />,
    },
    {
      head: words.stock,
      kind: 'figure',
      cell: ({ variants }) => {
        const left = variants.filter(({ active }) => active).map(({ available }) => available);
        return (
          <>
            {left.map((available) => formats.whole(available)).join(' · ')} <LevelBadge available={Math.min(...left)} />
          </>
        );
      },
    },
  ];
  return <Ledger rows={products} keyOf={({ id }) => id} columns={columns} />;
}

function ImportSheet({ onImported }: { onImported: () => void }) {
  const { products: words } = useShopAdminWords();
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
    <Sheet title={words.import} padded>
      <p className="soft">{words.importHint}</p>
      <Form submit={words.import} plain onSubmit={send}>
        <TextField label={words.file} name="file" type="file" accept=".csv,text/csv" />
        <CheckField label={words.check} name="check" defaultChecked />
      </Form>
    </Sheet>
  );
}
