/** Who it was, on pages for admins: somebody by name, somebody whose account is closed, or the house itself. */
import { useShopAdminWords } from './words.ts';

/** `name` is null for the house, and for an account that is closed. */
export function useWho(): (id: string, name: string | null) => string {
  const { refunds, orders } = useShopAdminWords();
  return (id, name) => name ?? (id === 'shop' ? refunds.house : orders.closedAccount(id.slice(0, 8)));
}
