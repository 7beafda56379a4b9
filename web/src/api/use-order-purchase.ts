/** A purchase that makes something with a page of its own, such as an order: that page opens when a lost answer was found. */
import { useToasts } from '../design/toasts.tsx';
import { useWords } from '../language/language.ts';
import { navigate } from '../routing/navigation.tsx';
import { loadBalance } from '../session/session.ts';
import { type Purchase, usePurchase } from './use-purchase.ts';

/** `find` resolves to an id, whose page is below `path`. */
export function useOrderPurchase(asked: {
  name: string;
  account: string;
  path: string;
  find: (key: string, signal: AbortSignal) => Promise<string | undefined>;
  onFound?: () => void;
}): Purchase {
  const { doubt: words } = useWords();
  const tell = useToasts();
  return usePurchase({
    name: asked.name,
    account: asked.account,
    find: asked.find,
    onFound: (id) => {
      asked.onFound?.();
      navigate(`${asked.path}/${id}`);
      tell('good', words.found);
      void loadBalance();
    },
  });
}
