/** A process: its roles, how much memory and how many cores it uses, and its plug. */
import type { ProcessSeen } from '#modules/overview/api/schemas.ts';
import { useFormats } from '#web/language/language.ts';
import { houseTime } from '../house-clock.ts';
import type { News } from '../news.ts';
import { PlugButton } from '../pull/plug-button.tsx';
import { Said } from '../said.tsx';
import { useClock } from '../use-clock.ts';
import { useOverviewWords } from '../words.ts';
import { Sign } from './sign.tsx';

const bytesInMegabyte = 1_048_576;

export function ProcessCard({ process, news }: { process: ProcessSeen; news: News }) {
  const { house: words, books } = useOverviewWords();
  const formats = useFormats();
  const now = useClock(process.silent ? 1_000 : undefined);
  const { name, pid, startedAt, silent, seenAt, memoryBytes, cores, roles } = process;
  return (
    <li className={silent ? 'process process-silent' : 'process'}>
      <div className="process-head">
        <h3>{name}</h3>
        <span className="label">
          {silent
            ? words.silent(books.secondsAgo(formats.whole(Math.round((houseTime(news, now) - seenAt) / 1_000))))
            : `${words.pid(String(pid))}, ${words.since(formats.moment(startedAt))}`}
        </span>
        <PlugButton part="process" target={name} />
        <span className="process-figures">
          <span>
            <span className="label">{words.memory}</span> {formats.whole(memoryBytes / bytesInMegabyte)} MB
          </span>
          <span>
            <span className="label">{words.cores}</span> {formats.hundredths(cores)}
          </span>
        </span>
      </div>
      <ul className="roles">
        {roles.map(({ role, ready, says, standsBy }) => (
          <li key={role}>
            <Sign
              state={ready ? (standsBy ? 'idle' : 'good') : 'bad'}
              text={ready ? (standsBy ? words.signs.standsBy : words.signs.active) : words.signs.notReady}
            />
            <span className="role-name">
              <b>{role}</b>
              <span className="label">
                <Said>{says}</Said>
              </span>
            </span>
            <PlugButton part="role" target={role} />
          </li>
        ))}
      </ul>
    </li>
  );
}
