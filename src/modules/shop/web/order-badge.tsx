/** The state of an order, in a word. */
import type { OrderSummary } from '#modules/shop/api/orders/contracts.ts';
import { useShopWords } from './words.ts';

const tones: Readonly<Record<OrderSummary['state'], string>> = {
  awaiting_payment: 'badge badge-warning',
  paid: 'badge badge-good',
  packed: 'badge badge-good',
  shipped: 'badge badge-good',
  delivered: 'badge badge-good',
  cancelled: 'badge badge-bad',
  returned: 'badge badge-bad',
};

export function OrderBadge({ state }: { state: OrderSummary['state'] }) {
  const { orders: words } = useShopWords();
  return <span className={tones[state]}>{words.states[state]}</span>;
}
