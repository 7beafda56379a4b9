/** Shows a resource: its value, a placeholder while it loads, or its failure. */
import type { ReactNode } from 'react';
import type { Resource } from '../api/use-resource.ts';
import { useWords } from '../language/language.ts';
import { Failed, Placeholder } from './states.tsx';

export function Loaded<Value>(props: {
  resource: Resource<Value>;
  /** The expected height of the content, so that the layout does not shift. */
  height?: string;
  level?: 1 | 2;
  /** Shown where there is no such thing, instead of the failure. */
  unknown?: ReactNode;
  children: (value: Value) => ReactNode;
}) {
  const { resource, height = '16rem', level = 2, unknown, children } = props;
  if (resource.state === 'ready') return children(resource.value);
  if (resource.state === 'loading') return <Waiting height={height} />;
  const { failure, retry } = resource;
  if (unknown !== undefined && (failure.status === 404 || failure.status === 400)) return unknown;
  return <Failed failure={failure} retry={retry} level={level} />;
}

export function Waiting({ height = '16rem' }: { height?: string }) {
  const { house } = useWords();
  return (
    <section className="placeholder-sheet" aria-busy="true" aria-label={house.loading}>
      <Placeholder width="40%" height="1.5rem" />
      <Placeholder width="100%" height={height} />
    </section>
  );
}
