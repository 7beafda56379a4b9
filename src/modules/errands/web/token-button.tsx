/** Makes an access token for one of the clients, and shows it once, in the commands that need it. */
import { useState } from 'react';
import { Dialog } from '#web/design/dialog.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { useSession } from '#web/session/session.ts';
import { Command } from './command.tsx';
import { makeToken } from './sources.ts';
import { useErrandsWords } from './words.ts';

/** A demonstration has errands that fetch from the house itself, which miners refuse unless they are told. */
export function useMineFlags(): string {
  const session = useSession();
  return session.state === 'member' && session.demo ? ` --allow ${window.location.host}` : '';
}

export function TokenButton({ purpose }: { purpose: 'mine' | 'fetch' }) {
  const { token: words } = useErrandsWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const allow = useMineFlags();
  const [made, setMade] = useState<string>();
  const command = purpose === 'mine' ? `kontor mine${allow}` : 'kontor errands fetch --to results';
  const make = async () => {
    try {
      setMade(await makeToken(words.names[purpose]));
    } catch (failure) {
      tell('bad', failureText(failure));
    }
  };
  return (
    <>
      <button type="button" className="button" onClick={make}>
        {words.make}
      </button>
      {made !== undefined && (
        <Dialog title={words.made} onClose={() => setMade(undefined)}>
          <p>{words.hint}</p>
          <Command text={`export KONTOR_URL=${window.location.origin}\nexport KONTOR_TOKEN=${made}\n${command}`} />
        </Dialog>
      )}
    </>
  );
}
