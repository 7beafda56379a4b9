/** The button at a part of the house that pulls its plug: shown to those who may. */
import { createContext, useContext, useState } from 'react';
import type { PullChoice } from '#modules/overview/api/schemas.ts';
import { Icon } from '#web/design/marks.tsx';
import { useOverviewWords } from '../words.ts';
import { PullDialog } from './pull-dialog.tsx';

/** What the visitor may pull; empty for those who may not. */
export const MayPull = createContext<readonly PullChoice[]>([]);

type Part = 'role' | 'process' | 'engine';

const partOf: Readonly<Record<PullChoice['kind'], Part>> = {
  'stop-role': 'role',
  'cut-role': 'role',
  'fill-disk': 'role',
  'set-clock': 'role',
  'kill-process': 'process',
  'stop-process': 'process',
  'cut-process': 'process',
  'fill-process-disk': 'process',
  'set-process-clock': 'process',
  'kill-engine': 'engine',
};

export function PlugButton({ part, target }: { part: Part; target: string }) {
  const { pull: words } = useOverviewWords();
  const [asked, setAsked] = useState(false);
  const choices = useContext(MayPull).filter((choice) => choice.target === target && partOf[choice.kind] === part);
  if (choices.length === 0) return null;
  return (
    <>
      <button type="button" className="plug" aria-label={words.plugOf(target)} aria-haspopup="dialog" onClick={() => setAsked(true)}>
        <Icon name="plug" />
        <span aria-hidden="true">{words.plug}</span>
      </button>
      {asked && <PullDialog choices={choices} onClose={() => setAsked(false)} />}
    </>
  );
}
