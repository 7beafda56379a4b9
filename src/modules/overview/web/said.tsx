/** What the house says of a part, in the reader's language as far as it is known; the rest is marked as English. */
import { houseText } from '#web/house-texts.ts';
import { useLanguage } from '#web/language/language.ts';

export function Said({ children }: { children: string }) {
  const { text, english } = houseText(children, useLanguage());
  return (
    <>
      {text}
      {english !== '' && <span lang="en">{english}</span>}
    </>
  );
}
