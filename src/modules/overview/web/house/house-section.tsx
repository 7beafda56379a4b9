/** The house on the overview: pulling its plugs, its parts, its events, and all pulls. Loaded after the first screen. */
import './house.css';
import type { PullChoices } from '#modules/overview/api/schemas.ts';
import { usePolled } from '#web/api/use-polled.ts';
import { Placeholder } from '#web/design/states.tsx';
import { useSession } from '#web/session/session.ts';
import type { News } from '../news.ts';
import { PullHistory } from '../pull/history.tsx';
import { MayPull } from '../pull/plug-button.tsx';
import { PullPanel } from '../pull/pull-panel.tsx';
import { loadHouse } from '../sources.ts';
import { EventList } from './event-list.tsx';
import { HouseFacts } from './house-facts.tsx';
import { HouseParts } from './house-parts.tsx';

const refreshMs = 1_500;

/** `choices` is undefined until it is known what the visitor may pull. */
export function HouseSection({ news, choices }: { news: News; choices: PullChoices | undefined }) {
  const session = useSession();
  const mayLook = (session.state === 'member' && session.member.role === 'admin') || ('demo' in session && session.demo);
  const pull = news.overview?.pull ?? undefined;
  if (news.without) return null;
  return (
    <MayPull value={news.lost ? [] : (choices?.choices ?? [])}>
      <PullPanel news={news} pull={pull} choices={choices} />
      <HouseFacts news={news}>
        {session.state === 'unknown' ? (
          <Placeholder width="100%" height="24rem" />
        ) : mayLook ? (
          <Inside news={news} />
        ) : (
          <Outside news={news} />
        )}
      </HouseFacts>
      {mayLook && <PullHistory newest={`${pull?.id} ${pull?.state} ${news.lost}`} />}
    </MayPull>
  );
}

/** What those see who may look into the house. */
function Inside({ news }: { news: News }) {
  const house = usePolled(loadHouse, refreshMs);
  if (house.state !== 'ready') return <Placeholder width="100%" height="24rem" />;
  return <HouseParts house={house.value} news={news} />;
}

function Outside({ news }: { news: News }) {
  return (
    <div className="house-parts">
      <EventList events={news.overview?.events ?? []} outside />
    </div>
  );
}
