/** How many: typed, or one more and one less. */
import { Icon } from '#web/design/marks.tsx';
import { useShopWords } from './words.ts';

export function QuantityField(props: {
  quantity: number;
  limit: number;
  label: string;
  disabled?: boolean;
  onQuantity: (quantity: number) => void;
}) {
  const { product: words } = useShopWords();
  const { quantity, limit, label, disabled = false, onQuantity } = props;
  const set = (wanted: number) => {
    if (Number.isInteger(wanted) && wanted >= 1) onQuantity(Math.min(limit, wanted));
  };
  return (
    <span className="quantity">
      <button
        type="button"
        className="button"
        aria-label={words.less}
        disabled={disabled || quantity <= 1}
        onClick={() => set(quantity - 1)}
      >
        <Icon name="minus" />
      </button>
      <input
        className="field"
        type="number"
        inputMode="numeric"
        aria-label={label}
        min={1}
        max={limit}
        value={quantity}
        disabled={disabled}
        onChange={(event) => set(event.target.valueAsNumber)}
      />
      <button
        type="button"
        className="button"
        aria-label={words.moreOf}
        disabled={disabled || quantity >= limit}
        onClick={() => set(quantity + 1)}
      >
        <Icon name="plus" />
      </button>
    </span>
  );
}
