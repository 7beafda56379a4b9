/** Sending coins to somebody else's wallet. */
import { useRequestKeys } from '#web/api/request-key.ts';
import { Form, TextField, type Typed } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { setBalance } from '#web/session/session.ts';
import { sendCoins } from './sources.ts';
import { useWalletWords } from './words.ts';

export function SendCoins({ onSent }: { onSent: () => void }) {
  const words = useWalletWords();
  const formats = useFormats();
  const tell = useToasts();
  const keys = useRequestKeys();

  const send = async (typed: Typed, form: HTMLFormElement) => {
    const transfer = { to: typed('to').trim(), amount: Number(typed('amount')), memo: typed('memo') };
    const { amount, available } = await sendCoins(transfer, keys.keyFor(transfer));
    keys.done();
    form.reset();
    setBalance(available);
    tell('good', words.sent(formats.whole(amount)));
    onSent();
  };
  return (
    <Sheet title={words.send} padded>
      <Form submit={words.sendSubmit} plain onSubmit={send}>
        <TextField label={words.to} name="to" hint={words.toHint} pattern="\s*[0-9a-f]{32}\s*" autoComplete="off" spellCheck={false} />
        <TextField label={words.amount} name="amount" short type="number" inputMode="numeric" min={1} step={1} max={1_000_000_000} />
        <TextField label={words.memo} name="memo" required={false} maxLength={100} />
      </Form>
    </Sheet>
  );
}
