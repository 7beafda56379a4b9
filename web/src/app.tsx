/** The app: the shell, and in it the page for the current path. */
import { areas, frontArea } from './area-list.ts';
import { Waiting } from './design/loaded.tsx';
import { Part } from './design/part.tsx';
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
        <Part key={path} placeholder={<Waiting height="24rem" />} level={1}>
          {area === undefined ? <NotFound path={path} /> : <area.Pages parts={partsOf(path)} areas={areas} />}
        </Part>
      </Shell>
    </Toasts>
  );
}
