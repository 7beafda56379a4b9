/** Asks before something is done that cannot be taken back, such as moving coins. */
import type { ReactNode } from 'react';
import { useWords } from '../language/language.ts';
import { Dialog } from './dialog.tsx';

export interface Question {
  readonly title: string;
  /** What will happen: who, what, and how many coins. */
  readonly says: ReactNode;
  /** What is done, for the button. */
  readonly yes: string;
}

export function Confirm({ question: { title, says, yes }, onYes, onNo }: { question: Question; onYes: () => void; onNo: () => void }) {
  const { house } = useWords();
  return (
    <Dialog title={title} onClose={onNo}>
      <div>{says}</div>
      <div className="form-actions">
        <button type="button" className="button button-strong" onClick={onYes}>
          {yes}
        </button>
        <button type="button" className="button" onClick={onNo}>
          {house.cancel}
        </button>
      </div>
    </Dialog>
  );
}
