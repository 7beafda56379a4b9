/** A result as customers and other systems get it: the same in the feed, for webhooks, as an event, and in the index of saved files. */

export interface ResultItem {
  readonly order: string;
  /** Without holes among the results of the order. */
  readonly number: number;
  /** Without holes among all results of the account: clients count by it. */
  readonly feed: number;
  readonly generation: number;
  readonly slot: number;
  readonly outcome: 'delivered' | 'failed' | 'withdrawn';
  /** The number of the result of the order that this notice takes back; null for a result. */
  readonly withdraws: number | null;
  /** Why it failed or was withdrawn. */
  readonly reason: string | null;
  /** Times are milliseconds since 1970. */
  readonly dueAt: number;
  readonly claimedAt: number | null;
  readonly deliveredAt: number;
  readonly attempts: number;
  /** Of HTTP. */
  readonly status: number | null;
  /** Where the page came from, after redirects. */
  readonly address: string | null;
  readonly contentType: string | null;
  /** Of the page. */
  readonly bytes: number;
  readonly sha256: string | null;
  /** What was extracted. */
  readonly value: string | null;
  /** The value, where it is a number, in millionths. */
  readonly micros: number | null;
  /** Whether the value, or the text of the page, differs from the result before. */
  readonly changed: boolean;
}

/** The columns that an item is made of. */
export interface ItemRow {
  readonly feed: number;
  readonly order_id: string;
  readonly number: number;
  readonly generation: number;
  readonly slot: number;
  readonly outcome: ResultItem['outcome'];
  /** 0 for a result. */
  readonly withdraws: number;
  readonly reason: string | null;
  readonly due_at: number;
  readonly claimed_at: number | null;
  readonly delivered_at: number;
  readonly attempts: number;
  readonly status: number | null;
  readonly final_address: string | null;
  readonly content_type: string | null;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly value: string | null;
  readonly micros: number | null;
  readonly changed: 0 | 1;
}

export function itemOf(row: ItemRow): ResultItem {
  return {
    order: row.order_id,
    number: row.number,
    feed: row.feed,
    generation: row.generation,
    slot: row.slot,
    outcome: row.outcome,
    withdraws: row.withdraws === 0 ? null : row.withdraws,
    reason: row.reason,
    dueAt: row.due_at,
    claimedAt: row.claimed_at,
    deliveredAt: row.delivered_at,
    attempts: row.attempts,
    status: row.status,
    address: row.final_address,
    contentType: row.content_type,
    bytes: row.bytes,
    sha256: row.sha256,
    value: row.value,
    micros: row.micros,
    changed: row.changed === 1,
  };
}

/** An order that is only for changes sends nothing where nothing changed, and withdraws nothing of it; failures are always told. */
export function isSent(row: Pick<ItemRow, 'outcome' | 'changed'>, order: { readonly only_changes: 0 | 1 }): boolean {
  return order.only_changes === 0 || row.changed === 1 || row.outcome === 'failed';
}
