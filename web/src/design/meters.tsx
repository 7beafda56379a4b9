/** Meters: a share, a position between low and high, and a fill level. They are decoration: text beside them says the same. */

/** `share`, from 0 to 1, is the part of the left side (buys); null if there are no trades. */
export function Balance({ share }: { share: number | null }) {
  return (
    <div className="balance" aria-hidden="true">
      {share === null ? (
        <div className="balance-sell balance-none" />
      ) : (
        <div className="balance-buy" style={{ width: `${share * 100}%` }} />
      )}
      {share !== null && <div className="balance-sell" />}
    </div>
  );
}

export function SpanMeter({ low, high, value }: { low: number; high: number; value: number }) {
  const place = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  return (
    <div className="span-meter" aria-hidden="true">
      <div className="span-meter-mark" style={{ left: `${place * 100}%` }} />
    </div>
  );
}

export function FillMeter({ part, whole }: { part: number; whole: number }) {
  return (
    <div className="fill-meter" aria-hidden="true">
      <div className="fill-meter-part" style={{ width: `${Math.min(1, part / whole) * 100}%` }} />
    </div>
  );
}
