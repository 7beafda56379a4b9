/** The faucet of a demonstration: coins for nothing, once a day. Used, it says when it gives again. */
import { useState } from 'react';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { setBalance } from '#web/session/session.ts';
import { takeFromFaucet, type WalletView } from './sources.ts';
import { useWalletWords } from './words.ts';

export function Faucet({ wallet, onChange }: { wallet: WalletView; onChange: () => void }) {
  const words = useWalletWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);
  if (!wallet.faucet) return null;
  if (wallet.faucetAt !== null)
    return <p className="soft">{words.faucetAgain(formats.whole(wallet.faucetCoins), formats.date(wallet.faucetAt))}</p>;

  const take = async () => {
    setBusy(true);
    try {
      const { amount, available } = await takeFromFaucet();
      setBalance(available);
      tell('good', words.faucetGave(formats.whole(amount)));
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
      onChange();
    }
  };
  return (
    <div className="faucet">
      <button type="button" className="button button-strong" disabled={busy} onClick={take}>
        {words.faucet}
      </button>
      <p className="label">{words.faucetHint(formats.whole(wallet.faucetCoins))}</p>
    </div>
  );
}
