/** A button that opens a small panel. Escape, a press outside, a link inside, and leaving with the focus close it. */
import { type FocusEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export function Popover({ name, button, children }: { name: string; button: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!open) return;
    const close = (event: PointerEvent) => {
      if (event.target instanceof Node && !whole.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    opener.current?.focus();
  };
  const onClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a') !== null) setOpen(false);
  };
  const onBlur = (event: FocusEvent) => {
    if (event.relatedTarget !== null && !whole.current?.contains(event.relatedTarget)) setOpen(false);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to the button and panel inside it.
    <div className="popover" ref={whole} onKeyDown={onKeyDown} onClick={onClick} onBlur={onBlur}>
      <button ref={opener} type="button" className="band-button" aria-expanded={open} aria-controls={panel} onClick={() => setOpen(!open)}>
        {button}
      </button>
      <section id={panel} className="popover-panel" aria-label={name} hidden={!open}>
        {open && children}
      </section>
    </div>
  );
}
