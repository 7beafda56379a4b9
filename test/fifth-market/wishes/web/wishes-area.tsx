/** The page of the wishes: making one, and reading those of everybody. */
import { useRequestKeys } from '#web/api/request-key.ts';
import { usePages } from '#web/api/use-pages.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { Form, TextField, type Typed } from '#web/design/form.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { loadBalance, useSession } from '#web/session/session.ts';
import { NotFound } from '#web/shell/not-found.tsx';
import { loadPrice, loadWishes, sendWish, type Wish } from './sources.ts';
import { useWishesWords } from './words.ts';

export function WishesArea({ parts }: { parts: readonly string[] }) {
  return parts.length > 1 ? <NotFound path={`/${parts.join('/')}`} /> : <WishesPage />;
}

function WishesPage() {
  const words = useWishesWords();
  const formats = useFormats();
  const session = useSession();
  const pages = usePages(loadWishes);
  usePageTitle(words.title);
  const columns: readonly Column<Wish>[] = [
    { head: words.wishes, kind: 'name', cell: ({ text }) => text },
    { head: words.when, kind: 'when', cell: ({ at }) => formats.date(at) },
    { head: words.price, kind: 'figure', cell: ({ price }) => <Coins amount={price} /> },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{words.title}</h1>
      </div>
      {session.state === 'member' && <MakeWish onMade={pages.reload} />}
      <ListSheet pages={pages} empty={<Empty title={words.none} hint={words.noneHint} />}>
        {(wishes) => <Ledger rows={wishes} keyOf={({ id }) => id} columns={columns} />}
      </ListSheet>
    </div>
  );
}

function MakeWish({ onMade }: { onMade: () => void }) {
  const words = useWishesWords();
  const formats = useFormats();
  const tell = useToasts();
  const keys = useRequestKeys();
  const price = useResource(loadPrice);

  const send = async (typed: Typed, form: HTMLFormElement) => {
    const text = typed('text');
    await sendWish(text, keys.keyFor(text));
    keys.done();
    form.reset();
    tell('good', words.made);
    onMade();
    await loadBalance();
  };
  return (
    <Sheet title={words.make} padded>
      <Loaded resource={price} height="6rem">
        {(coins) => (
          <Form submit={words.make} onSubmit={send}>
            <TextField label={words.text} name="text" maxLength={100} hint={words.cost(formats.whole(coins))} />
          </Form>
        )}
      </Loaded>
    </Sheet>
  );
}
