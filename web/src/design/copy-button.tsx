/** A button that copies a text, and says whether that worked. */
import { copyText } from '../browser.ts';
import { useWords } from '../language/language.ts';
import { Icon } from './marks.tsx';
import { useToasts } from './toasts.tsx';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const { house } = useWords();
  const tell = useToasts();
  const copy = async () => {
    const copied = await copyText(text);
    tell(copied ? 'good' : 'bad', copied ? house.copied : house.notCopied);
  };
  return (
    <button type="button" className="button" onClick={copy}>
      <Icon name="copy" />
      {label}
    </button>
  );
}
