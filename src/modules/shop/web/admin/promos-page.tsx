/** Promo codes: what they give, how often they were used, and making or changing one. */
import { useState } from 'react';
import type { Promo, PromoRules } from '#modules/shop/api/admin/promos-contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { Coins } from '#web/design/coins.tsx';
import { CheckField, Form, SelectField, TextField, type Typed } from '#web/design/form.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats, useWords } from '#web/language/language.ts';
import { adminNames } from '../names.ts';
import { PromoCodeField } from '../promo-code-field.tsx';
import { epochMsOf, localTimeOf } from './local-time.ts';
import { loadPromos, savePromo } from './sources.ts';
import { useShopAdminWords } from './words.ts';

export function PromosPage() {
  const { promos: words } = useShopAdminWords();
  const title = useName(adminNames.promos);
  const pages = usePages(loadPromos);
  const [edited, setEdited] = useState<Promo>();
  return (
    <div className="cart">
      <ListSheet title={title} pages={pages} empty={<Empty title={words.empty} hint={words.emptyHint} />}>
        {(promos) => <PromoTable promos={promos} onEdit={setEdited} />}
      </ListSheet>
      <PromoForm
        key={edited?.code ?? ''}
        promo={edited}
        onSaved={() => {
          setEdited(undefined);
          pages.reload();
        }}
        onCancel={() => setEdited(undefined)}
      />
    </div>
  );
}

function PromoTable({ promos, onEdit }: { promos: readonly Promo[]; onEdit: (promo: Promo) => void }) {
  const { promos: words } = useShopAdminWords();
  const formats = useFormats();
  const columns: readonly Column<Promo>[] = [
    {
      head: words.code,
      kind: 'name',
      cell: (promo) => (
        <>
          <button type="button" className="button" onClick={() => onEdit(promo)} aria-label={words.edit(promo.code)}>
            {promo.code}
          </button>{' '}
          <span className={promo.active ? 'badge badge-good' : 'badge'}>{promo.active ? words.active : words.inactive}</span>
        </>
      ),
    },
    {
      head: words.discount,
      cell: ({ kind, value, minSubtotal }) => (
        <>
          {kind === 'percent' ? formats.share(value / 100) : <Coins amount={value} />}
          {minSubtotal > 0 && <span className="label">{words.from(formats.whole(minSubtotal))}</span>}
        </>
      ),
    },
    {
      head: words.uses,
      kind: 'figure',
      cell: ({ uses, maxUses }) =>
        maxUses === null ? `${formats.whole(uses)}, ${words.unlimited}` : words.of(formats.whole(uses), formats.whole(maxUses)),
    },
  ];
  return <Ledger rows={promos} keyOf={({ code }) => code} columns={columns} />;
}

function PromoForm({ promo, onSaved, onCancel }: { promo: Promo | undefined; onSaved: () => void; onCancel: () => void }) {
  const { promos: words } = useShopAdminWords();
  const { house } = useWords();
  const tell = useToasts();

  const save = async (typed: Typed, form: HTMLFormElement) => {
    const count = (name: string) => (typed(name) === '' ? null : Number(typed(name)));
    const rules: PromoRules = {
      kind: typed('kind') === 'amount' ? 'amount' : 'percent',
      value: Number(typed('value')),
      minSubtotal: Number(typed('minSubtotal')),
      startsAt: epochMsOf(typed('startsAt')),
      endsAt: epochMsOf(typed('endsAt')),
      maxUses: count('maxUses'),
      maxUsesPerAccount: count('maxUsesPerAccount'),
      active: typed('active') !== '',
    };
    const { code } = await savePromo(promo?.code ?? typed('code'), rules);
    form.reset();
    tell('good', words.saved(code));
    onSaved();
  };
  const count = { type: 'number', min: 1, max: 1_000_000_000, step: 1, required: false } as const;
  return (
    <Sheet title={promo === undefined ? words.make : words.edit(promo.code)} padded>
      <Form
        submit={house.save}
        onSubmit={save}
        beside={
          promo !== undefined && (
            <button type="button" className="button button-plain" onClick={onCancel}>
              {house.cancel}
            </button>
          )
        }
      >
        {promo === undefined && <PromoCodeField label={words.code} />}
        <div className="form-pair">
          <SelectField
            label={words.kind}
            name="kind"
            defaultValue={promo?.kind}
            options={[
              { value: 'percent', text: words.kinds.percent },
              { value: 'amount', text: words.kinds.amount },
            ]}
          />
          <TextField label={words.value} name="value" type="number" min={1} max={1_000_000} step={1} defaultValue={promo?.value} />
        </div>
        <TextField label={words.minSubtotal} name="minSubtotal" type="number" min={0} step={1} defaultValue={promo?.minSubtotal ?? 0} />
        <div className="form-pair">
          <TextField {...count} label={words.maxUses} name="maxUses" hint={words.noLimit} defaultValue={promo?.maxUses ?? ''} />
          <TextField
            {...count}
            label={words.maxUsesPerAccount}
            name="maxUsesPerAccount"
            hint={words.noLimit}
            defaultValue={promo?.maxUsesPerAccount ?? ''}
          />
        </div>
        <div className="form-pair">
          <TextField
            label={words.startsAt}
            name="startsAt"
            type="datetime-local"
            required={false}
            defaultValue={localTimeOf(promo?.startsAt)}
          />
          <TextField label={words.endsAt} name="endsAt" type="datetime-local" required={false} defaultValue={localTimeOf(promo?.endsAt)} />
        </div>
        <CheckField label={words.isActive} name="active" defaultChecked={promo?.active ?? true} />
      </Form>
    </Sheet>
  );
}
