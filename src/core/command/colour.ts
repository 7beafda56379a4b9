/** Colours of text on a terminal. */
import { styleText } from 'node:util';

export type Colour = (style: 'bold' | 'green' | 'red' | 'yellow', text: string) => string;

export const plain: Colour = (_style, text) => text;

/** Plain where the output is no terminal, or NO_COLOR is set (https://no-color.org). */
export function colourFor(
  output: { readonly isTTY?: boolean },
  { NO_COLOR, TERM }: { readonly NO_COLOR?: string | undefined; readonly TERM?: string | undefined },
): Colour {
  const isPlain = output.isTTY !== true || (NO_COLOR ?? '') !== '' || TERM === 'dumb';
  return isPlain ? plain : (style, text) => styleText(style, text, { validateStream: false });
}
