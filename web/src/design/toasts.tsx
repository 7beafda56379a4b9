/** Toasts: short messages about an action. Good ones disappear by themselves; bad ones stay until they are dismissed. */
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { browser } from '../browser.ts';
import { useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { Icon } from './marks.tsx';

const shownAtMost = 3;
const goodNewsMs = 5_000;

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly link: ToastLink | undefined;
}

interface ToastLink {
  readonly href: string;
  readonly text: string;
}
export type Tell = (tone: Toast['tone'], text: string, link?: ToastLink) => void;

const ToastContext = createContext<Tell>(() => {});

export function useToasts(): Tell {
  return useContext(ToastContext);
}

export function Toasts({ children }: { children: ReactNode }) {
  const words = useWords();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextId = useRef(1);
  const dismiss = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const tell = useCallback<Tell>(
    (tone, text, link) => {
      const id = nextId.current++;
      setToasts((shown) => [...shown.slice(1 - shownAtMost), { id, tone, text, link }]);
      if (tone === 'good') browser.after(goodNewsMs, () => dismiss(id));
    },
    [dismiss],
  );
  return (
    <ToastContext value={tell}>
      {children}
      <section className="toasts" aria-label={words.house.messages} aria-live="polite">
        {toasts.map(({ id, tone, text, link }) => (
          <div key={id} className={tone === 'bad' ? 'toast toast-bad' : 'toast'}>
            <span className="toast-text">
              {text}{' '}
              {link !== undefined && (
                <Link href={link.href} onClick={() => dismiss(id)}>
                  {link.text}
                </Link>
              )}
            </span>
            <button type="button" className="button button-plain" aria-label={words.house.dismiss} onClick={() => dismiss(id)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </section>
    </ToastContext>
  );
}
