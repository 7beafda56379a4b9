/** A long text in a box that scrolls, also with the keyboard. */

export function ScrolledText({ label, text }: { label: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard.
    <section className="errands-text" aria-label={label} tabIndex={0}>
      {text}
    </section>
  );
}
