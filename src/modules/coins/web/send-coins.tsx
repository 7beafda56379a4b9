/** Sending coins to somebody else's wallet. */
import { useRef } from 'react';
import { usePurchase } from '#web/api/use-purchase.ts';
import { Form, TextField, type Typed } from '#web/design/form.tsx';
import { InDoubt } from '#web/design/in-doubt.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { loadBalance, setBalance } from '#web/session/session.ts';
import { findSent, sendCoins } from './sources.ts';
import { useWalletWords } from './words.ts';

export function SendCoins({ account, onSent }: { account: string; onSent: () => void }) {
  const words = useWalletWords();
  const formats = useFormats();
  const tell = useToasts();
  const form = useRef<HTMLFormElement>(undefined);
  const purchase = usePurchase({
    name: 'transfer',
    account,
    find: findSent,
    keepsRefusals: true,
    onFound: (amount) => {
      form.current?.reset();
      tell('good', words.sent(formats.whole(amount)));
      void loadBalance();
      onSent();
    },
  });

  const send = async (typed: Typed, sending: HTMLFormElement) => {
    form.current = sending;
    const transfer = { to: typed('to').trim(), amount: Number(typed('amount')), memo: typed('memo') };
    const sent = await purchase.buy((key) => sendCoins(transfer, key));
    if (sent === undefined) return;
    const { amount, available } = sent;
    sending.reset();
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
        <InDoubt doubt={purchase.doubt} />
      </Form>
    </Sheet>
  );
}
