/** An amount of coins: the figure with a coin, and the word "coins" for screen readers. */
import { useFormats, useWords } from '../language/language.ts';

/** `signed` shows a plus before positive amounts. */
export function Coins({ amount, signed = false }: { amount: number | null; signed?: boolean }) {
  const { house } = useWords();
  const formats = useFormats();
  return (
    <span className="coins">
      {signed ? formats.signed(amount) : formats.whole(amount)}
      <svg className="coin" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="7" fill="currentColor" />
        <path className="coin-mark" d="M4.4 11V8.2h1.5V6.3h1.4V4.4h1.4v1.9h1.4v1.9h1.5V11z" />
      </svg>
      <span className="out-of-sight"> {house.coins}</span>
    </span>
  );
}
