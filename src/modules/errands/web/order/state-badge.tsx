/** The state of an order, with the reason where there is one. */
import type { Order } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

const tones = {
  active: 'badge badge-good',
  paused: 'badge',
  'out-of-coins': 'badge badge-warning',
  locked: 'badge badge-warning',
  done: 'badge',
  cancelled: 'badge badge-bad',
} satisfies Record<Order['state'], string>;

export function StateBadge({ state }: { state: Order['state'] }) {
  const { states } = useErrandsWords();
  return <span className={tones[state]}>{states[state]}</span>;
}
