/** The parameters and the answer of every list: `limit` and `after`, `items` and `next`. */
import { type TSchema, Type } from 'typebox';
import { maxCursorLength } from '#core/paging.ts';

export interface PageLimits {
  readonly defaultLimit?: number;
  readonly maxLimit?: number;
}

/** Properties for a query's schema: `Type.Object({ ...pageQuery(), state: … })`. */
export function pageQuery({ defaultLimit = 20, maxLimit = 100 }: PageLimits = {}) {
  return {
    limit: Type.Integer({ minimum: 1, maximum: maxLimit, default: defaultLimit, description: 'Items a page' }),
    after: Type.Optional(
      Type.String({ minLength: 1, maxLength: maxCursorLength, description: 'The "next" of the page before; left out for the first page' }),
    ),
  };
}

/** Nothing but the page. */
export const PageQuery = Type.Object(pageQuery(), { additionalProperties: false });

export const Next = Type.Union([Type.String(), Type.Null()], { description: 'Send it as "after" for the next page; null on the last' });

export function PageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    next: Next,
  });
}
