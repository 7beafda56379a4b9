/** What stands where content would: nothing here, not yet, or not now. Each says what happened and offers a way on. */
import { Component, type ReactNode } from 'react';
import type { RequestFailure } from '../api/api.ts';
import { useWords } from '../language/language.ts';
import { useFailureText } from '../refusals/use-refusals.ts';
import { Gable } from './marks.tsx';

export function Empty({ title, hint, children, level = 2 }: { title: string; hint: string; children?: ReactNode; level?: 1 | 2 }) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className="state">
      <Gable className="state-mark" />
      <Heading>{title}</Heading>
      <p>{hint}</p>
      {children !== undefined && <div className="state-actions">{children}</div>}
    </div>
  );
}

export function Failed({ failure, retry, level = 2 }: { failure: RequestFailure; retry: () => void; level?: 1 | 2 }) {
  const { house } = useWords();
  const failureText = useFailureText();
  return (
    <div role="alert">
      <Empty title={house.failed} hint={failure.status === 0 ? house.noAnswer : failureText(failure)} level={level}>
        <button type="button" className="button button-strong" onClick={retry}>
          {house.tryAgain}
        </button>
      </Empty>
    </div>
  );
}

/** A grey piece where something will be; give it the size of what comes, so that nothing moves when it does. */
export function Placeholder({ width, height }: { width: string; height: string }) {
  return <span className="placeholder" style={{ width, height }} aria-hidden="true" />;
}

/** Catches a page that broke while drawing: navigation and proof line stay. Give it the page as `key`: a new page gets a new chance. */
export class Caught extends Component<{ broken: ReactNode; children: ReactNode }, { broke: boolean }> {
  override state = { broke: false };

  static getDerivedStateFromError(): { broke: boolean } {
    return { broke: true };
  }

  override render(): ReactNode {
    return this.state.broke ? this.props.broken : this.props.children;
  }
}

export function BrokenPage() {
  const { house } = useWords();
  return (
    <Empty title={house.broken} hint={house.brokenHint} level={1}>
      <button type="button" className="button button-strong" onClick={() => window.location.reload()}>
        {house.reload}
      </button>
    </Empty>
  );
}
