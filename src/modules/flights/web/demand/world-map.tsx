/** The routes on a map of the world: great circles, the most watched thick. Loaded after the rest of the page. */
import { useMemo } from 'react';
import type { Demand } from '#modules/flights/api/prices/contracts.ts';
import { useFlightsWords } from '../words.ts';
import { type MapDrawing, worldMap } from '../world.ts';
import { type DemandRoute, keyOfRoute } from './routes.ts';

const size = { width: 1_000, height: 470 };
const thinnest = 0.6;
const thickest = 5;
const million = 1_000_000;
let world: MapDrawing | undefined;

/** Drawn once: it is the same for everybody. */
function theWorld(): MapDrawing {
  world ??= worldMap(size);
  return world;
}

export function WorldMap({
  demand,
  shown,
  onShow,
}: {
  demand: Demand;
  shown: string | undefined;
  onShow: (key: string | undefined) => void;
}) {
  const { demand: words } = useFlightsWords();
  const map = theWorld();
  const { airports, routes } = demand;
  const places = useMemo(() => new Map(airports.map((airport) => [airport.code, airport])), [airports]);
  const lines = useMemo(
    () =>
      routes.flatMap((route) => {
        const [from, to] = [places.get(route.from), places.get(route.to)];
        if (from === undefined || to === undefined) return [];
        return { key: keyOfRoute(route), line: map.route(from, to), width: widthOf(route) };
      }),
    [routes, places, map],
  );
  const marked = lines.find(({ key }) => key === shown);
  return (
    <svg
      className="map world-map"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={words.map(routes.length)}
      onPointerLeave={() => onShow(undefined)}
    >
      <path className="map-sea" d={map.sea} />
      <path className="map-land" d={map.land} />
      {/* The thickest last, on top of the others. */}
      {lines.toReversed().map(({ key, line, width }) => (
        <path key={key} className="map-route" d={line} strokeWidth={width} />
      ))}
      {marked !== undefined && <path className="map-route map-route-shown" d={marked.line} strokeWidth={marked.width + 2} />}
      {airports.map((airport) => (
        <AirportDot key={airport.code} at={map.point(airport)} />
      ))}
      {marked?.key.split('-').map((code) => (
        <AirportName key={code} code={code} at={pointOf(code)} />
      ))}
      {/* Wide and unseen, so that a thin line is easy to point at. */}
      {lines.toReversed().map(({ key, line, width }) => (
        <path key={key} className="map-target" d={line} strokeWidth={width + 9} onPointerEnter={() => onShow(key)} />
      ))}
    </svg>
  );

  function pointOf(code: string) {
    const airport = places.get(code);
    return airport && map.point(airport);
  }
}

function widthOf({ share }: DemandRoute): number {
  return Math.round((thinnest + (thickest - thinnest) * Math.sqrt(share / million)) * 10) / 10;
}

function AirportDot({ at }: { at: readonly [number, number] | undefined }) {
  return at === undefined ? null : <circle className="map-airport" cx={at[0]} cy={at[1]} r="2" />;
}

function AirportName({ code, at }: { code: string; at: readonly [number, number] | undefined }) {
  if (at === undefined) return null;
  return (
    <text className="map-code" x={at[0]} y={at[1] - 6} textAnchor="middle">
      {code}
    </text>
  );
}
