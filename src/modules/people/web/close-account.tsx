/** Closing one's own account: what becomes of it, and the password once more. */
import { useState } from 'react';
import { Dialog } from '#web/design/dialog.tsx';
import { Form } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { navigate } from '#web/routing/navigation.tsx';
import { loadSession, useBalance } from '#web/session/session.ts';
import { PresentPasswordField } from './present-password.tsx';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function CloseAccountSheet() {
  const { account: words } = usePeopleWords();
  const formats = useFormats();
  const balance = useBalance() ?? 0;
  const tell = useToasts();
  const [asked, setAsked] = useState(false);
  return (
    <Sheet title={words.close} padded>
      <p className="soft">{words.closeHint}</p>
      <div className="form-actions">
        <button type="button" className="button" onClick={() => setAsked(true)}>
          {words.close}
        </button>
      </div>
      {asked && (
        <Dialog title={words.close} onClose={() => setAsked(false)}>
          <p>{words.closeHint}</p>
          {balance > 0 && <p>{words.closeCoins(formats.whole(balance))}</p>}
          <p>{words.closeFirst}</p>
          <Form
            submit={words.closeNow}
            onSubmit={async (typed) => {
              await call('POST', '/api/people/me/close', { body: { password: typed('password') } });
              navigate('/');
              tell('good', words.closed);
              await loadSession();
            }}
          >
            <PresentPasswordField />
          </Form>
        </Dialog>
      )}
    </Sheet>
  );
}
