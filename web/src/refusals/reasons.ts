/** Every reason for which the house refuses, and how a language says it. */

import type { HouseReasons } from '#core/reasons.ts';
import type { CoinsReasons } from '#modules/coins/api/reasons.ts';
import type { PeopleReasons } from '#modules/people/domain/reasons.ts';
import type { ShopReasons } from '#modules/shop/api/reasons.ts';
import type { Formats } from '../language/formats.ts';

type Reasons = HouseReasons & PeopleReasons & CoinsReasons & ShopReasons;

export interface RefusalWords {
  readonly reasons: { readonly [Name in keyof Reasons]: (values: Reasons[Name], formats: Formats) => string };
  /** For what has no reason of its own, by the problem's code. */
  readonly codes: Readonly<Record<string, string>>;
  readonly line: (number: string) => string;
  /** Before what is wrong with each field. */
  readonly fields: string;
}
