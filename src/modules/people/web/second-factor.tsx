/** The second factor: set up with a QR code and its first code, recovery codes shown once, switched off again. */
import { type ReactNode, useState } from 'react';
import type { Me, SecondFactorOffer } from '#modules/people/api/schemas.ts';
import { CopyButton } from '#web/design/copy-button.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { Form, TextField } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { loadSession } from '#web/session/session.ts';
import { PresentPasswordField } from './present-password.tsx';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

type Step =
  | { readonly step: 'password'; readonly does: 'begin' | 'switch-off' | 'new-codes' }
  | { readonly step: 'scan'; readonly offer: SecondFactorOffer }
  | { readonly step: 'codes'; readonly codes: readonly string[] };

export function SecondFactorSheet({ me }: { me: Me }) {
  const { secondFactor: words } = usePeopleWords();
  const formats = useFormats();
  const [step, setStep] = useState<Step>();
  const close = () => setStep(undefined);
  return (
    <Sheet
      title={words.title}
      tools={<span className={me.secondFactor ? 'badge badge-good' : 'badge badge-warning'}>{me.secondFactor ? words.on : words.off}</span>}
    >
      <div className="sheet-body">
        <p>{words.why}</p>
        {me.secondFactor && <p className="soft">{words.recoveryLeft(formats.whole(me.recoveryCodesLeft))}</p>}
        <div className="form-actions">
          {me.secondFactor ? (
            <>
              <button type="button" className="button" onClick={() => setStep({ step: 'password', does: 'new-codes' })}>
                {words.newRecovery}
              </button>
              <button type="button" className="button" onClick={() => setStep({ step: 'password', does: 'switch-off' })}>
                {words.switchOff}
              </button>
            </>
          ) : (
            <button type="button" className="button button-strong" onClick={() => setStep({ step: 'password', does: 'begin' })}>
              {words.begin}
            </button>
          )}
        </div>
      </div>
      {step !== undefined && (
        <Dialog title={step.step === 'codes' ? words.recovery : words.title} onClose={close}>
          <StepForm step={step} onStep={setStep} onClose={close} />
        </Dialog>
      )}
    </Sheet>
  );
}

function StepForm({ step, onStep, onClose }: { step: Step; onStep: (step: Step) => void; onClose: () => void }): ReactNode {
  const { secondFactor: words } = usePeopleWords();
  const tell = useToasts();

  switch (step.step) {
    case 'password': {
      const texts = { begin: words.next, 'switch-off': words.switchOff, 'new-codes': words.newRecovery };
      const go = async (password: string) => {
        if (step.does === 'begin') {
          onStep({ step: 'scan', offer: await call('POST', '/api/people/me/second-factor', { body: { password } }) });
        } else if (step.does === 'new-codes') {
          const { recoveryCodes } = await call('POST', '/api/people/me/recovery-codes', { body: { password } });
          onStep({ step: 'codes', codes: recoveryCodes });
          await loadSession();
        } else {
          await call('POST', '/api/people/me/second-factor/remove', { body: { password } });
          onClose();
          await loadSession();
          tell('good', words.switchedOff);
        }
      };
      return (
        <Form key="password" submit={texts[step.does]} onSubmit={(typed) => go(typed('password'))}>
          <PresentPasswordField />
        </Form>
      );
    }
    case 'scan': {
      const confirm = async (code: string) => {
        const { recoveryCodes } = await call('POST', '/api/people/me/second-factor/confirm', { body: { code } });
        onStep({ step: 'codes', codes: recoveryCodes });
        await loadSession();
        tell('good', words.switchedOn);
      };
      return (
        <>
          <p>{words.scan}</p>
          <Offer offer={step.offer} />
          <Form key="scan" submit={words.confirm} onSubmit={(typed) => confirm(typed('code').replaceAll(/\s/g, ''))}>
            <TextField
              label={words.code}
              name="code"
              short
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="[0-9 ]{6,8}"
              maxLength={8}
              placeholder="000000"
            />
          </Form>
        </>
      );
    }
    case 'codes':
      return <Codes codes={step.codes} onClose={onClose} />;
  }
}

function Offer({ offer: { otpauthUrl, qrImage } }: { offer: SecondFactorOffer }) {
  const { secondFactor: words } = usePeopleWords();
  const secret = new URL(otpauthUrl).searchParams.get('secret') ?? '';
  return (
    <div className="offer">
      <img className="offer-qr" src={qrImage} alt={words.qr} width="200" height="200" />
      <div className="offer-manual">
        <p className="label">{words.manual}</p>
        <p className="secret">{secret.match(/.{1,4}/g)?.join(' ')}</p>
        <p>
          <a href={otpauthUrl}>{words.sameDevice}</a>
        </p>
      </div>
    </div>
  );
}

function Codes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { secondFactor: words } = usePeopleWords();
  const text = `${codes.join('\n')}\n`;
  return (
    <>
      <p>{words.recoveryHint}</p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="form-actions">
        <CopyButton text={text} label={words.copyCodes} />
        <a className="button" download="kontor-recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>
          {words.download}
        </a>
        <button type="button" className="button button-strong" onClick={onClose}>
          {words.kept}
        </button>
      </div>
    </>
  );
}
