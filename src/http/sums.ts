/** Sums of the newest hours in an answer: see core/sql/sums.ts. */
import { type Static, Type } from 'typebox';

export const Sums = Type.Object({
  spans: Type.Array(
    Type.Object({ hours: Type.Integer({ description: 'The newest so many' }), count: Type.Integer(), coins: Type.Integer() }),
  ),
  countedSince: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Milliseconds since 1970, where there is more than is counted: the sums begin here',
  }),
});
export type Sums = Static<typeof Sums>;
