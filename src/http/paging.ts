/** The query parameters `limit` and `after` of every list, and its answer of `items` and `next`. */
import { Type } from 'typebox';
import { maxCursorLength } from '#core/paging.ts';

export interface PageLimits {
  readonly defaultLimit?: number;
  readonly maxLimit?: number;
}

/** Properties for the schema of a query: `Type.Object({ ...pageQuery(), state: … })`. */
export function pageQuery({ defaultLimit = 20, maxLimit = 100 }: PageLimits = {}) {
  return {
    limit: Type.Integer({ minimum: 1, maximum: maxLimit, default: defaultLimit, description: 'Items per page' }),
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: maxCursorLength,
        description: 'The "next" of the previous page; left out for the first page',
      }),
    ),
  };
}

/** The query of a list without filters. */
export const PageQuery = Type.Object(pageQuery(), { additionalProperties: false });

export const Next = Type.Union([Type.String(), Type.Null()], {
  description: 'Send it as "after" for the next page; null on the last page',
});
