/** Says of a stock level that it needs looking after. */
import { useShopAdminWords } from './words.ts';

/** Fewer pieces than these are low. */
export const lowStock = 10;

export function LevelBadge({ available }: { available: number }) {
  const { products: words } = useShopAdminWords();
  if (available >= lowStock) return null;
  return available <= 0 ? (
    <span className="badge badge-bad">{words.noneLeft}</span>
  ) : (
    <span className="badge badge-warning">{words.lowStock}</span>
  );
}
