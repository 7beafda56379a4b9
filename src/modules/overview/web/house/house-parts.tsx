/** Every part of the house: processes with their roles, engines, what the cluster looks after, leases, queues, and the last hour. */
import type { ReactNode } from 'react';
import type { House, ProcessSeen } from '#modules/overview/api/schemas.ts';
import { useFormats } from '#web/language/language.ts';
import type { News } from '../news.ts';
import { PlugButton } from '../pull/plug-button.tsx';
import { useOverviewWords } from '../words.ts';
import { EventList } from './event-list.tsx';
import { groupedLeases } from './leases.ts';
import { ProcessCard } from './process-card.tsx';
import { Sign } from './sign.tsx';

export function HouseParts({ house, news }: { house: House; news: News }) {
  return (
    <div className="house-parts">
      <div className="house-main">
        <ul className="house-processes">
          {house.processes.map((process) => (
            <ProcessCard key={process.id} process={process} news={news} />
          ))}
        </ul>
      </div>
      <div className="house-side">
        <EventList events={house.events} />
        <Engines engines={house.engines} />
        <Parts house={house} />
        <Queues queues={house.queues} />
        <Leases leases={house.leases} processes={house.processes} />
      </div>
    </div>
  );
}

function Block({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="house-block">
      <h3>{title}</h3>
      {hint !== undefined && <p className="label">{hint}</p>}
      <ul className="house-lines">{children}</ul>
    </section>
  );
}

/** A line of a list: a sign, a name, something about it, and what can be done. */
function Line(props: { sign?: ReactNode; name: string; about: ReactNode; children?: ReactNode }) {
  return (
    <li>
      {props.sign}
      <b>{props.name}</b>
      <span className="label">{props.about}</span>
      {props.children}
    </li>
  );
}

function Engines({ engines }: { engines: House['engines'] }) {
  const { house: words } = useOverviewWords();
  return (
    <Block title={words.engines}>
      {engines.map(({ port, engine, where, reachable }) => (
        <Line
          key={`${port} ${where}`}
          sign={
            <Sign
              state={reachable === false ? 'bad' : 'good'}
              text={reachable === null ? words.unasked : reachable ? words.reachable : words.away}
            />
          }
          name={`${words.ports[port]} · ${engine}`}
          about={where === engine ? '' : where}
        />
      ))}
    </Block>
  );
}

/** What the cluster looks after: its processes are here also while they are dead. */
function Parts({ house: { parts, groups } }: { house: House }) {
  const { house: words } = useOverviewWords();
  if (parts.length === 0) return null;
  return (
    <Block title={words.parts}>
      {parts.map(({ name, kind, pid, state, restarts, ready }) => (
        <Line
          key={name}
          sign={
            <Sign
              state={state === 'up' && ready ? 'good' : 'bad'}
              text={state === 'up' && !ready ? words.signs.notReady : words.partStates[state]}
            />
          }
          name={name}
          about={[pid === null ? undefined : words.pid(String(pid)), restarts === 0 ? undefined : words.restarts(restarts)]
            .filter((text) => text !== undefined)
            .join(' · ')}
        >
          {kind === 'engine' && <PlugButton part="engine" target={name} />}
          {kind === 'proxy' && <PlugButton part="process" target={name} />}
        </Line>
      ))}
      {groups.map(({ name, running, min, max }) => (
        <Line key={`group ${name}`} name={name} about={words.groups(running, min, max)} />
      ))}
    </Block>
  );
}

function Queues({ queues }: { queues: House['queues'] }) {
  const { house: words } = useOverviewWords();
  const formats = useFormats();
  return (
    <Block title={words.queues}>
      {queues.map(({ name, waiting, partitions }) => (
        <Line
          key={name}
          name={name}
          about={
            <>
              {words.waiting(formats.compact(waiting))}
              {partitions.length > 0 && ` · ${words.partitions(partitions.length, partitions.filter((each) => each.waiting > 0).length)}`}
            </>
          }
        />
      ))}
    </Block>
  );
}

function Leases({ leases, processes }: { leases: House['leases']; processes: readonly ProcessSeen[] }) {
  const { house: words } = useOverviewWords();
  return (
    <Block title={words.leases} hint={words.leaseHint}>
      {groupedLeases(leases).map(({ work, count, process }) => (
        <Line
          key={`${work} ${process}`}
          name={count === 1 ? work : `${work} × ${count}`}
          about={processes.find(({ id }) => id === process)?.name ?? words.nobody}
        />
      ))}
    </Block>
  );
}
