/** Why a flight costs what it costs: what the model was given, and its arithmetic, line by line. */
import type { ReactNode } from 'react';
import type { PriceHistory, PriceInputs } from '#modules/flights/api/prices/contracts.ts';
import { Coins } from '#web/design/coins.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { useFlightsWords } from '../words.ts';
import { demandFactor, demandWeight, salesFactor, salesWeight, unlimitedTarget } from './arithmetic.ts';

/** So much of a run's id tells it from others. */
const shownIdLength = 12;
/** Views are in 1/65,536 of a visitor. */
const viewsInVisitor = 65_536;
const million = 1_000_000;
const knownModel = 'model-1';
/** What this model adds to all views. */
const quietVisitors = 40;

export function WhySheet({ history }: { history: PriceHistory }) {
  const { why: words } = useFlightsWords();
  const formats = useFormats();
  if (history.why === null)
    return (
      <Sheet title={words.title} padded>
        <p>{words.unchanged(formats.whole(history.firstPrice))}</p>
        <p className="soft">{words.unchangedHint}</p>
      </Sheet>
    );
  return (
    <Sheet title={words.title} tools={<span className="label">{words.asOf(formats.date(history.why.asOf))}</span>} padded>
      <InWords inputs={history.why} />
      <Arithmetic inputs={history.why} />
      <p className="label">{words.model(history.why.model, history.why.runId.slice(0, shownIdLength))}</p>
    </Sheet>
  );
}

function useFigures() {
  const language = useLanguage();
  const number = (digits: number, options: Intl.NumberFormatOptions = {}) => {
    const format = new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      ...options,
    });
    return (value: number) => format.format(value).replace('-', '−');
  };
  return {
    visitors: number(1),
    weight: number(2),
    share: number(2, { signDisplay: 'exceptZero' }),
    percent: number(1, { style: 'percent', signDisplay: 'exceptZero' }),
    factor: number(3),
    coins: number(1),
  };
}

function InWords({ inputs }: { inputs: PriceInputs }) {
  const { why: words } = useFlightsWords();
  const formats = useFormats();
  const figures = useFigures();
  const { views, usualViews, demand, sold, seats, expectedSold, sales, daysOut } = inputs;
  const tone = (value: number) => (value > 0 ? 'more' : value < 0 ? 'less' : 'same');
  return (
    <ul className="why-words">
      <li>
        <Sign value={demand} />
        {words.demand[tone(demand)](
          figures.visitors(views / viewsInVisitor),
          figures.visitors(usualViews / viewsInVisitor),
          figures.percent(demandFactor(demand) - 1),
        )}
      </li>
      <li>
        <Sign value={sales} />
        {words.sales[tone(sales)](
          { sold: formats.whole(sold), seats: formats.whole(seats), expected: formats.whole(expectedSold), days: formats.whole(daysOut) },
          figures.percent(salesFactor(sales) - 1),
        )}
      </li>
    </ul>
  );
}

function Sign({ value }: { value: number }) {
  if (value === 0) return <span className="why-level" aria-hidden="true" />;
  return <span className={value > 0 ? 'tick tick-up' : 'tick tick-down'} aria-hidden="true" />;
}

function Arithmetic({ inputs }: { inputs: PriceInputs }) {
  const { why: words } = useFlightsWords();
  const formats = useFormats();
  const figures = useFigures();
  const { base, demand, sales, floor, ceiling, target, before, dayLow, dayHigh, price, limitedBy } = inputs;
  const limit = {
    nothing: words.limits.nothing,
    floor: words.limits.floor(formats.whole(floor)),
    ceiling: words.limits.ceiling(formats.whole(ceiling)),
    run: words.limits.run(formats.whole(before)),
    day: price < before ? words.limits.dayDown(formats.whole(dayHigh)) : words.limits.dayUp(formats.whole(dayLow)),
  }[limitedBy];
  const [demandParts, salesParts] = useParts(inputs);
  return (
    <dl className="account why">
      <Line name={words.base}>
        <Coins amount={base} />
      </Line>
      <Line name={words.demandFactor} formula={`${demandParts}exp(${figures.weight(demandWeight)} × ${figures.share(demand / million)})`}>
        × {figures.factor(demandFactor(demand))}
      </Line>
      <Line name={words.salesFactor} formula={`${salesParts}exp(${figures.weight(salesWeight)} × ${figures.share(sales / million)})`}>
        × {figures.factor(salesFactor(sales))}
      </Line>
      <Line name={words.product}>= {figures.coins(unlimitedTarget(inputs))}</Line>
      <Line name={words.target} formula={words.between(formats.whole(floor), formats.whole(ceiling))}>
        <Coins amount={target} />
      </Line>
      <Line name={words.before}>
        <Coins amount={before} />
      </Line>
      <Line name={words.limit} formula={limit}>
        <Coins amount={price - before} signed />
      </Line>
      <div className="account-total">
        <dt>{words.price}</dt>
        <dd>
          <Coins amount={price} />
        </dd>
      </div>
    </dl>
  );
}

/** How D and S come about: only of the model that this page knows. */
function useParts({ model, views, usualViews, sold, expectedSold, seats, demand, sales }: PriceInputs): readonly [string, string] {
  const formats = useFormats();
  const figures = useFigures();
  if (model !== knownModel) return ['', ''];
  const [own, usual] = [views, usualViews].map((count) => figures.visitors(count / viewsInVisitor));
  return [
    `(${own} − ${usual}) ÷ (${own} + ${usual} + ${quietVisitors}) = ${figures.share(demand / million)}; `,
    `(${formats.whole(sold)} − ${formats.whole(expectedSold)}) ÷ ${formats.whole(seats)} = ${figures.share(sales / million)}; `,
  ];
}

function Line({ name, formula, children }: { name: string; formula?: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        {name}
        {formula !== undefined && <span className="label why-formula">{formula}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
