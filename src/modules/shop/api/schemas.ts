/** What the contracts of the shop are made of. */
import { type Static, Type } from 'typebox';
import { houseNotes } from '../domain/house-notes.ts';

export const coins = (description: string) => Type.Integer({ minimum: 0, description: `${description}, in coins` });
export const at = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });

const slugPattern = '^[a-z0-9]+(-[a-z0-9]+)*$';
export const ProductId = Type.String({ pattern: slugPattern, maxLength: 80, description: 'Such as `darjeeling-first-flush`' });
export const CategoryId = Type.String({ pattern: slugPattern, maxLength: 40, description: 'Such as `tea`' });
export const VariantId = Type.String({
  pattern: '^[A-Z0-9]+(-[A-Z0-9]+)*$',
  maxLength: 60,
  description: 'The article number, such as `TEA-001-100G`',
});
export const OrderId = Type.String({ pattern: '^KO-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$', description: 'Such as `KO-7G2M-Q0ZD-41XB`' });
export const PromoCode = Type.String({ pattern: '^[A-Za-z0-9 ._-]{2,40}$', description: 'Case and spaces do not matter' });

/** One line; `prose` may have several. */
export const line = (description: string, maxLength = 100) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$', description });
export const prose = (description: string, maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000]*$', description });

export const Address = Type.Object(
  {
    name: line('Who receives it'),
    street: line('Street and number'),
    postcode: line('Postcode', 16),
    city: line('City'),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'Two letters, such as DE' }),
  },
  { additionalProperties: false },
);
export type Address = Static<typeof Address>;

export const houseNote = Type.Union([Type.Enum([...houseNotes]), Type.Null()], {
  description: 'Which of the house’s own notes it is; null for what somebody wrote',
});

/** For admins. */
export const accountName = Type.Union([Type.String(), Type.Null()], {
  description: 'Null for the house itself, and for accounts that are gone',
});
export const search = Type.Optional(Type.String({ pattern: '^\\P{Cc}{1,100}$', description: 'What to look for' }));

export const picture = Type.Union([Type.String(), Type.Null()], {
  description: 'The address of the picture that was put; null: picture.svg of the product draws one',
});

export const OneProduct = Type.Object({ id: ProductId });
export const OneVariant = Type.Object({ id: VariantId });
export const OneOrder = Type.Object({ id: OrderId });
