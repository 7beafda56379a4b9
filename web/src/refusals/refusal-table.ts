/** The part of a module's table of refusals (src/core/refusals.ts) that pages use: the words in every language. */
import type { Formats, Language } from '../language/formats.ts';

/** Words a reason with its values, in each language. */
type Wording<Values> = Readonly<Record<Language, (values: Values, formats: Formats) => string>>;

/** Refusals of any module, such as its `refusals.ts`. The values come from the server, which checked them against the same types. */
export type AnyRefusals = Readonly<Record<string, Wording<never>>>;
