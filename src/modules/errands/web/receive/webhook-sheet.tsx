/** Signed webhooks: the secret that signs them. Whether one works is on the page of its order. */
import { useState } from 'react';
import { useReloading } from '#web/api/use-resource.ts';
import { CopyButton } from '#web/design/copy-button.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useWords } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { loadSecret, renewSecret } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function WebhookSheet() {
  const { receive: words } = useErrandsWords();
  const [resource, reload] = useReloading(loadSecret);
  return (
    <Sheet title={words.webhooks} padded>
      <p className="soft">{words.webhooksHint}</p>
      <Loaded resource={resource} height="6rem">
        {(secret) => <Secret secret={secret} onChange={reload} />}
      </Loaded>
    </Sheet>
  );
}

function Secret({ secret, onChange }: { secret: string; onChange: () => void }) {
  const { receive: words } = useErrandsWords();
  const { house } = useWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const [shown, setShown] = useState(false);
  const renew = async () => {
    try {
      await renewSecret();
      tell('good', words.renewed);
    } catch (failure) {
      tell('bad', failureText(failure));
    }
    onChange();
  };
  return (
    <>
      <p className="label">{words.secret}</p>
      <p className="errands-secret">{shown ? secret : '•'.repeat(24)}</p>
      <div className="form-actions">
        <button type="button" className="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? words.hide : words.show}
        </button>
        <CopyButton text={secret} label={house.copy} />
        <button type="button" className="button" onClick={renew}>
          {words.renew}
        </button>
      </div>
    </>
  );
}
