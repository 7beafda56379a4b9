/**
 * What the house does at this moment, as a picture: a row of merchants' houses, one for each stage, and goods on their way between
 * them. Windows are lit where something arrives; goods move faster the more there is. On narrow screens it is two rows of three.
 */
import './loop.css';
import { useFormats } from '#web/language/language.ts';
import { CheckedText } from '../books/seal.tsx';
import type { News } from '../news.ts';
import { useOverviewWords } from '../words.ts';
import { type Flow, flowsOf, paceOf } from './stages.ts';

const housesInRow = 3;
/** Of one stage, in units of the picture: the way to the house, and the house. */
const plot = { width: 200, way: 104, house: 92, ground: 136, height: 180 };

export function Loop({ news }: { news: News }) {
  const { loop: words } = useOverviewWords();
  const formats = useFormats();
  // Of a house that does not answer, no rate is true.
  const flows = flowsOf(news.lost ? [] : (news.overview?.edges ?? []));
  return (
    <figure className="sheet loop">
      <figcaption className="sheet-head">
        <h2>{words.title}</h2>
        <span className="label">{news.lost ? <CheckedText news={news} /> : words.hint}</span>
      </figcaption>
      <div className="loop-rows">
        <Row flows={flows.slice(0, housesInRow)} first={0} />
        <Row flows={flows.slice(housesInRow)} first={housesInRow} />
      </div>
      <Water moves={flows.some(({ perSecond }) => (perSecond ?? 0) > 0)} />
      <ul className="out-of-sight">
        {flows.map(({ stage, unit, perSecond }) => (
          <li key={stage}>{words.into(words.stages[stage], formats.rate(perSecond), words.units[unit])}</li>
        ))}
      </ul>
    </figure>
  );
}

function Row({ flows, first }: { flows: readonly Flow[]; first: number }) {
  const width = plot.width * flows.length;
  return (
    <svg className="loop-row" viewBox={`0 0 ${width} ${plot.height}`} aria-hidden="true" focusable="false">
      <path className="loop-quay" d={`M0 ${plot.ground}H${width}V${plot.height}H0z`} />
      <path className="loop-edge" d={`M0 ${plot.ground}H${width}`} />
      {flows.map((flow, place) => (
        <Plot key={flow.stage} flow={flow} at={place * plot.width} shape={first + place} />
      ))}
    </svg>
  );
}

function Plot({ flow: { stage, unit, perSecond }, at, shape }: { flow: Flow; at: number; shape: number }) {
  const { loop: words } = useOverviewWords();
  const formats = useFormats();
  const pace = paceOf(perSecond);
  const middle = plot.way / 2 - 2;
  return (
    <g transform={`translate(${at} 0)`}>
      <text className="loop-rate" x={middle} y={plot.ground - 52}>
        {formats.rate(perSecond)}
      </text>
      <text className="loop-unit" x={middle} y={plot.ground - 32}>
        {words.short[unit]}
      </text>
      <path className="loop-way" d={`M-4 ${plot.ground - 12}H${plot.way - 4}`} />
      <path className={`loop-goods loop-goods-${pace}`} d={`M-4 ${plot.ground - 12}H${plot.way - 4}`} />
      <g transform={`translate(${plot.way} 0)`}>
        <House shape={shape} lit={pace > 0} />
      </g>
      <text className="loop-name" x={plot.way + plot.house / 2} y={plot.ground + 29}>
        {words.stages[stage]}
      </text>
    </g>
  );
}

/** Heights of the steps of each gable, from the eaves to the middle: no two houses of a row look alike. */
const gables: readonly (readonly number[])[] = [
  [66, 82, 98, 114],
  [58, 70, 104],
  [72, 88, 102, 110, 122],
  [62, 96, 108],
  [70, 80, 90, 112],
  [58, 76, 94, 104, 118],
];

function House({ shape, lit }: { shape: number; lit: boolean }) {
  const steps = gables[shape % gables.length] ?? [];
  const wall = Math.min(...steps);
  return (
    <g className={lit ? 'loop-house loop-lit' : 'loop-house'}>
      <path className="loop-front" d={gablePath(steps)} />
      <path className="loop-door" d={`M${plot.house / 2 - 8} ${plot.ground}v-26h16v26z`} />
      {windowsOf(wall).map(({ x, y }) => (
        <rect key={`${x} ${y}`} className="loop-window" x={x} y={y} width="11" height="14" />
      ))}
      <rect className="loop-window" x={plot.house / 2 - 5.5} y={plot.ground - wall - 22} width="11" height="14" />
    </g>
  );
}

/** A stepped gable: up on the left, down on the right. */
function gablePath(steps: readonly number[]): string {
  const tread = plot.house / (2 * steps.length - 1);
  const heights = [...steps, ...steps.toReversed().slice(1)];
  const line = heights.map((height, place) => `V${plot.ground - height}H${((place + 1) * tread).toFixed(1)}`).join('');
  return `M0 ${plot.ground}${line}V${plot.ground}z`;
}

/** Two storeys of three; the door takes the middle of the lower one. */
function windowsOf(wall: number): readonly { readonly x: number; readonly y: number }[] {
  const columns = [14, plot.house / 2 - 5.5, plot.house - 25];
  const upper = columns.map((x) => ({ x, y: plot.ground - wall + 8 }));
  const lower = [columns[0] ?? 0, columns[2] ?? 0].map((x) => ({ x, y: plot.ground - 26 }));
  return [...upper, ...lower];
}

/** The way back: what was sold pays the next order. A ship sails while anything moves. */
function Water({ moves }: { moves: boolean }) {
  return (
    <div className={moves ? 'loop-water loop-sails' : 'loop-water'}>
      <svg className="loop-ship" viewBox="0 0 64 44" aria-hidden="true" focusable="false">
        <path className="loop-sail" d="M30 4h2v26h-2zM34 6c10 4 14 12 14 20H34zM28 9v17H14c1-8 6-14 14-17z" />
        <path className="loop-hull" d="M6 30h52l-7 11H14z" />
      </svg>
    </div>
  );
}
