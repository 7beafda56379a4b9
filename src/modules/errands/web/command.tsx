/** A command to copy. */
import { CopyButton } from '#web/design/copy-button.tsx';
import { useWords } from '#web/language/language.ts';

export function Command({ text }: { text: string }) {
  const { house } = useWords();
  return (
    <div className="errands-command">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard. */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} label={house.copy} />
    </div>
  );
}
