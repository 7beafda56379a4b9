/** A product's fields: of a new one, or of one to change. */
import { useState } from 'react';
import type { AdminProduct, ProductInput } from '#modules/shop/api/admin/goods-contracts.ts';
import { useResource } from '#web/api/use-resource.ts';
import { CheckField, Form, LongTextField, SelectField, TextField, type Typed } from '#web/design/form.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { BackLink } from '#web/design/market-head.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useWords } from '#web/language/language.ts';
import { navigate } from '#web/routing/navigation.tsx';
import { useDepartmentNames } from '../departments.ts';
import { loadCategories } from '../sources.ts';
import { articleNumberOf, slugOf } from './slugs.ts';
import { saveProduct } from './sources.ts';
import { useShopAdminWords } from './words.ts';

const maxVariants = 20;

export function ProductForm({ product }: { product: AdminProduct | undefined }) {
  const { product: words } = useShopAdminWords();
  const { house } = useWords();
  const departmentName = useDepartmentNames();
  const tell = useToasts();
  const categories = useResource(loadCategories);
  const [rows, setRows] = useState(Math.max(1, product?.variants.length ?? 1));
  const [name, setName] = useState('');
  /** As typed; until then it is made of the name. */
  const [ownId, setOwnId] = useState<string>();
  const productId = product?.id ?? ownId ?? slugOf(name);

  const save = async (typed: Typed) => {
    const id = product?.id ?? typed('id');
    const input: ProductInput = {
      category: typed('category'),
      name: typed('name'),
      description: typed('description'),
      keywords: typed('keywords'),
      active: typed('active') !== '',
      german: { name: typed('germanName'), description: typed('germanDescription') },
      variants: Array.from({ length: rows }, (_, row) => ({
        id: typed(`id-${row}`),
        name: typed(`name-${row}`),
        price: Number(typed(`price-${row}`)),
        active: typed(`active-${row}`) !== '',
        germanName: typed(`german-${row}`),
      })),
    };
    await saveProduct(id, input, product === undefined);
    tell('good', words.saved(input.name));
    if (product === undefined) navigate(`/admin/products/${id}`);
  };
  return (
    <>
      <BackLink to={{ href: '/admin/products', text: words.back }} />
      <Sheet title={product?.name ?? words.newTitle} tools={product !== undefined && <span className="label">{product.id}</span>} padded>
        <Loaded resource={categories}>
          {({ categories: all }) => (
            <Form submit={house.save} onSubmit={save}>
              {product === undefined && (
                <TextField
                  label={words.id}
                  name="id"
                  value={productId}
                  onChange={(event) => setOwnId(event.target.value || undefined)}
                  hint={words.idHint}
                  pattern="[a-z0-9]+(-[a-z0-9]+)*"
                  maxLength={80}
                  spellCheck={false}
                />
              )}
              <div className="form-pair">
                <TextField
                  label={words.name}
                  name="name"
                  defaultValue={product?.name}
                  maxLength={120}
                  onChange={(event) => setName(event.target.value)}
                />
                <SelectField
                  label={words.department}
                  name="category"
                  defaultValue={product?.category}
                  options={all.map(({ id }) => ({ value: id, text: departmentName(id) }))}
                />
              </div>
              <LongTextField label={words.description} name="description" defaultValue={product?.description} maxLength={4_000} />
              <GermanFields german={product?.german} />
              <TextField label={words.keywords} name="keywords" required={false} defaultValue={product?.keywords} maxLength={400} />
              <CheckField label={words.active} name="active" defaultChecked={product?.active ?? true} />
              <h3>{words.variants}</h3>
              {Array.from({ length: rows }, (_, row) => row).map((row) => (
                <VariantRow key={row} row={row} productId={productId} variant={product?.variants[row]} />
              ))}
              {rows < maxVariants && (
                <div className="form-actions">
                  <button type="button" className="button" onClick={() => setRows(rows + 1)}>
                    <Icon name="plus" />
                    {words.addVariant}
                  </button>
                </div>
              )}
            </Form>
          )}
        </Loaded>
      </Sheet>
    </>
  );
}

function GermanFields({ german }: { german: AdminProduct['german'] | undefined }) {
  const { product: words } = useShopAdminWords();
  return (
    <>
      <TextField
        label={words.germanName}
        name="germanName"
        required={false}
        defaultValue={german?.name}
        hint={words.germanHint}
        maxLength={120}
        lang="de"
      />
      <LongTextField
        label={words.germanDescription}
        name="germanDescription"
        defaultValue={german?.description}
        maxLength={4_000}
        lang="de"
      />
    </>
  );
}

function VariantRow(props: { row: number; productId: string; variant: AdminProduct['variants'][number] | undefined }) {
  const { row, productId, variant } = props;
  const { product: words } = useShopAdminWords();
  const [name, setName] = useState('');
  const [ownNumber, setOwnNumber] = useState<string>();
  const made = name === '' ? '' : articleNumberOf(productId, name);
  return (
    <div className="admin-variant">
      <TextField
        label={words.variantId}
        name={`id-${row}`}
        value={variant?.id ?? ownNumber ?? made}
        onChange={(event) => setOwnNumber(event.target.value || undefined)}
        readOnly={variant !== undefined}
        placeholder={words.variantIdHint}
        pattern="[A-Z0-9]+(-[A-Z0-9]+)*"
        maxLength={60}
        spellCheck={false}
      />
      <TextField
        label={words.name}
        name={`name-${row}`}
        defaultValue={variant?.name}
        placeholder={words.variantName}
        maxLength={80}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={words.germanName}
        name={`german-${row}`}
        required={false}
        defaultValue={variant?.germanName}
        maxLength={80}
        lang="de"
      />
      <TextField label={words.price} name={`price-${row}`} type="number" min={1} max={1_000_000} step={1} defaultValue={variant?.price} />
      <CheckField label={words.active} name={`active-${row}`} defaultChecked={variant?.active ?? true} />
    </div>
  );
}
