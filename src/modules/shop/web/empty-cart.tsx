/** What stands in place of a cart's lines when there are none. */
import { Empty } from '#web/design/states.tsx';
import { Link } from '#web/routing/navigation.tsx';
import { useShopWords } from './words.ts';

export function EmptyCart() {
  const { cart: words, catalogue } = useShopWords();
  return (
    <section className="sheet">
      <Empty title={words.empty} hint={words.emptyHint}>
        <Link className="button button-strong" href="/shop">
          {catalogue.back}
        </Link>
      </Empty>
    </section>
  );
}
