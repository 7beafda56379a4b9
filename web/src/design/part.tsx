/** A page, or a part of one, whose code the browser loads by itself: a placeholder until it is there, and a way out when it fails. */
import { Component, type ReactNode, Suspense, useEffect } from 'react';
import { useWords } from '../language/language.ts';
import { houseWasLost, useConnection } from '../live/live.ts';
import { Empty } from './states.tsx';

interface PartProps {
  children: ReactNode;
  /** Of the same size, so that the layout does not shift. */
  placeholder?: ReactNode;
  /** Of the heading when it fails: 1 for a whole page. */
  level?: 1 | 2;
}

/** What is around it stays, whatever happens to it. For another page, give it another `key`: then it is rendered again. */
export function Part({ children, placeholder = null, level = 2 }: PartProps) {
  return (
    <ErrorBoundary fallback={<Broken placeholder={placeholder} level={level} />}>
      <Suspense fallback={placeholder}>{children}</Suspense>
    </ErrorBoundary>
  );
}

class ErrorBoundary extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}

/**
 * Code that was asked for while the house was away is lost: browsers ask for it once in the life of a page. So the page is loaded anew
 * when the house is back, or when somebody comes to this part later; but only once the house was away: what fails each time would be
 * loaded without end.
 */
function Broken({ placeholder, level }: { placeholder: ReactNode; level: 1 | 2 }) {
  const { house } = useWords();
  const { state } = useConnection();
  useEffect(() => {
    if (state === 'live' && houseWasLost()) window.location.reload();
  }, [state]);
  if (state === 'reconnecting') return placeholder;
  return (
    <Empty title={house.broken} hint={house.brokenHint} level={level}>
      <button type="button" className="button button-strong" onClick={() => window.location.reload()}>
        {house.reload}
      </button>
    </Empty>
  );
}
