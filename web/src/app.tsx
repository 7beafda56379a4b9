/** The app: the shell, and in it the page for the current path. */
import { Suspense } from 'react';
import { areas, frontArea } from './area-list.ts';
import { Waiting } from './design/loaded.tsx';
import { BrokenPage, ErrorBoundary } from './design/states.tsx';
import { Toasts } from './design/toasts.tsx';
import { usePath } from './routing/navigation.tsx';
import { areaAt, partsOf } from './routing/router.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';

export function App() {
  const path = usePath();
  const area = areaAt(path, areas, frontArea);
  return (
    <Toasts>
      <Shell path={path} area={area}>
        <ErrorBoundary key={path} fallback={<BrokenPage />}>
          <Suspense fallback={<Waiting height="24rem" />}>
            {area === undefined ? <NotFound path={path} /> : <area.Pages parts={partsOf(path)} />}
          </Suspense>
        </ErrorBoundary>
      </Shell>
    </Toasts>
  );
}
