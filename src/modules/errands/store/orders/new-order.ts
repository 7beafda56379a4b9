/** The row of an order that was just placed. */
import { loadOf } from '../../domain/load.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import type { OrderRow } from './tables.ts';

interface NewOrder {
  readonly accountId: string;
  readonly terms: OrderTerms;
  readonly funds: number;
  readonly now: number;
}

/** Active, in its first generation, with nothing made yet. */
export function newOrderRow(id: string, { accountId, terms, funds, now }: NewOrder): OrderRow {
  return {
    id,
    account_id: accountId,
    title: terms.title,
    address: terms.address,
    host: terms.host,
    method: terms.method,
    headers: JSON.stringify(terms.headers),
    schedule: JSON.stringify(terms.schedule),
    used_before: 0,
    extraction: terms.extraction,
    only_changes: terms.onlyChanges ? 1 : 0,
    webhook: terms.webhook,
    mail: terms.mail ? 1 : 0,
    copies: terms.copies,
    instrument: terms.instrument,
    state: 'active',
    state_at: now,
    generation: 1,
    slot: 0,
    slot_at: null,
    next_at: null,
    look_at: now,
    load: loadOf(terms.schedule, terms.copies),
    manual: 0,
    funded: funds,
    fundings: 1,
    prepaid: funds,
    returned: 0,
    earned: 0,
    refunded: 0,
    made: 0,
    open: 0,
    results: 0,
    notices: 0,
    last_key: null,
    last_value: null,
    last_at: null,
    created_at: now,
    changed_at: now,
  };
}
