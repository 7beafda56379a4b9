/** Where a page of a long list ends, as a client hands it back for the next one: a number that the list is sorted by, and an id. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

export function placeIn(text: string | undefined): Place | undefined {
  const [, at = '', id = ''] = /^(\d+)_(.+)$/.exec(text ?? '') ?? [];
  return id === '' ? undefined : { at: Number(at), id };
}

/** A page of `limit` rows out of one more than that, which tells whether there is a next one; its place is null at the end. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
): { page: readonly Row[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { page, next: null };
  const { at, id } = placeOf(last);
  return { page, next: `${at}_${id}` };
}
