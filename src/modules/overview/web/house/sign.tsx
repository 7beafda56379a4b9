/** A small sign of a state: a shape beside its colour, and a word for screen readers. */

/** `idle` is a hollow sign: it stands by. */
export function Sign({ state, text }: { state: 'good' | 'idle' | 'bad'; text: string }) {
  return (
    <span className={`sign sign-${state}`} title={text}>
      <span className="out-of-sight">{text}</span>
    </span>
  );
}
