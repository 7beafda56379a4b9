/** Asks before a plug is pulled: what will happen, how, and whether it is meant. */
import { useState } from 'react';
import type { PullChoice } from '#modules/overview/api/schemas.ts';
import { Choice } from '#web/design/choice.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { Form } from '#web/design/form.tsx';
import { useWords } from '#web/language/language.ts';
import { askAgain } from '../news.ts';
import { makePull } from '../sources.ts';
import { useOverviewWords } from '../words.ts';

/** `choices` are the ways to pull one target. */
export function PullDialog({ choices, onClose }: { choices: readonly PullChoice[]; onClose: () => void }) {
  const { pull: words } = useOverviewWords();
  const { house } = useWords();
  const [kind, setKind] = useState(choices[0]?.kind);
  const chosen = choices.find((choice) => choice.kind === kind);
  if (chosen === undefined) return null;
  const roles = chosen.roles.filter((role) => role !== chosen.target);
  const pull = async () => {
    await makePull(chosen);
    askAgain();
    onClose();
    document.getElementById('pull')?.scrollIntoView({ block: 'start' });
  };
  return (
    <Dialog title={words.question(chosen.target)} onClose={onClose}>
      <Form
        onSubmit={pull}
        submit={words.confirm}
        beside={
          <button type="button" className="button" onClick={onClose}>
            {house.cancel}
          </button>
        }
      >
        {choices.length > 1 && (
          <Choice
            legend={words.how}
            legendShown
            chosen={chosen.kind}
            options={choices.map((choice) => ({ value: choice.kind, text: words.kinds[choice.kind] }))}
            onChoose={setKind}
          />
        )}
        <p className="pull-will">{words.will[chosen.kind]}</p>
        {roles.length > 0 && <p className="soft">{words.inIt(roles.join(', '))}</p>}
        <p className="soft">{words.promise}</p>
      </Form>
    </Dialog>
  );
}
