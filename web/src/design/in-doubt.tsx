/** Says after a lost answer to a purchase what is known of it. */
import type { Doubt } from '../api/use-purchase.ts';
import { useWords } from '../language/language.ts';

export function InDoubt({ doubt }: { doubt: Doubt | undefined }) {
  const { doubt: words } = useWords();
  if (doubt === undefined) return null;
  return (
    <div className="note note-look" role="alert">
      <p>{words[doubt]}</p>
      {doubt === 'unknown' && <p className="label">{words.unknownHint}</p>}
    </div>
  );
}
