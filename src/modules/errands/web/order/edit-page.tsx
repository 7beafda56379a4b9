/** Changes an order that runs: what is already under way stays as it was. */
import { useCallback, useState } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useWords } from '#web/language/language.ts';
import { navigate } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { loadBalance } from '#web/session/session.ts';
import { ErrandsHead } from '../errands-head.tsx';
import { type Draft, draftOf, inputOf } from '../form/draft.ts';
import { OrderForm } from '../form/order-form.tsx';
import { TrySheet } from '../form/try-sheet.tsx';
import { changeOrder, loadOrder, type Order } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function EditPage({ id }: { id: string }) {
  const { edit: words } = useErrandsWords();
  usePageTitle(words.title);
  return (
    <div className="page">
      <ErrandsHead title={words.title} back={{ href: `/errands/orders/${id}`, text: id }} />
      <ForMembers>{() => <OwnOrder id={id} />}</ForMembers>
    </div>
  );
}

function OwnOrder({ id }: { id: string }) {
  const resource = useResource(useCallback((signal: AbortSignal) => loadOrder(id, signal), [id]));
  return <Loaded resource={resource}>{(order) => <Editing order={order} />}</Loaded>;
}

function Editing({ order }: { order: Order }) {
  const { edit: words, form } = useErrandsWords();
  const { house } = useWords();
  const tell = useToasts();
  const [draft, setDraft] = useState(() => draftOf(order));
  const input = inputOf(draft);
  const save = async () => {
    await changeOrder(order.id, input);
    navigate(`/errands/orders/${order.id}`);
    tell('good', house.saved);
    await loadBalance();
  };
  return (
    <div className="errands-ordering">
      <Sheet title={form.what} padded>
        <p className="soft">{words.hint}</p>
        <OrderForm
          draft={draft}
          onChange={(changes: Partial<Draft>) => setDraft(Object.assign({}, draft, changes))}
          submit={house.save}
          onSubmit={save}
        />
      </Sheet>
      <div className="errands-side">
        <TrySheet input={input} member />
      </div>
    </div>
  );
}
