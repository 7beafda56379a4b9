/** The market: what waits, who fetches, how fast, and three examples to see it all with one click. */
import { usePolled } from '#web/api/use-polled.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { useSession } from '#web/session/session.ts';
import { ErrandsHead } from '../errands-head.tsx';
import { useMeasures } from '../measures.ts';
import { loadMarket, type Market } from '../sources.ts';
import { useErrandsWords } from '../words.ts';
import { Examples } from './examples.tsx';

const refreshMs = 2_000;

export function MarketPage() {
  const { market: words } = useErrandsWords();
  const market = usePolled(loadMarket, refreshMs);
  const session = useSession();
  const demo = (session.state === 'stranger' || session.state === 'member') && session.demo;
  usePageTitle(words.title);
  return (
    <div className="page">
      <ErrandsHead title={words.title} />
      <p className="errands-lead">{words.lead}</p>
      {demo && <Examples />}
      <Loaded resource={market} height="14rem">
        {(value) => <Figures market={value} />}
      </Loaded>
      <HowItWorks />
    </div>
  );
}

function HowItWorks() {
  const { market: words } = useErrandsWords();
  return (
    <Sheet title={words.how} padded>
      <ol className="errands-steps">
        {words.steps.map(([title, text]) => (
          <li key={title}>
            <h3>{title}</h3>
            <p className="soft">{text}</p>
          </li>
        ))}
      </ol>
      <p>
        <Link href="/stocks/ERRANDS.RUN">{words.tape}</Link>
      </p>
    </Sheet>
  );
}

function Figures({ market }: { market: Market }) {
  const { market: words } = useErrandsWords();
  const formats = useFormats();
  const measures = useMeasures();
  const { waiting, oldestMs, orders, miners, concurrency, delivered, p50, p99 } = market;
  const figures = [
    [words.waiting, formats.compact(waiting), oldestMs === null ? words.noneWaits : words.oldest(measures.duration(oldestMs))],
    [words.latency, measures.duration(p50), p99 === null ? words.noneDelivered : words.most(measures.duration(p99))],
    [words.miners, formats.compact(miners), words.atOnce(formats.compact(concurrency))],
    [words.orders, formats.compact(orders), words.delivered(formats.compact(delivered))],
  ] as const;
  return (
    <Sheet title={words.now} tools={<span className="label">{words.live}</span>}>
      <dl className="errands-figures">
        {figures.map(([name, figure, more]) => (
          <div key={name}>
            <dt className="label">{name}</dt>
            <dd>
              <b>{figure}</b>
              <span className="label">{more}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
