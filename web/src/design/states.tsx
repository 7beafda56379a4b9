/** What is shown instead of content: empty, loading or failed. */
import type { ReactNode } from 'react';
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

/** A grey box while content loads. Give it the size of the content, so that the layout does not shift. */
export function Placeholder({ width, height }: { width: string; height: string }) {
  return <span className="placeholder" style={{ width, height }} aria-hidden="true" />;
}
