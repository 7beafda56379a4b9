/** The route of one flight on a small map. Loaded after the rest of the page. */
import type { Airport } from '#modules/flights/api/schemas.ts';
import { useCityNames } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { mapOfRoute } from '../world.ts';

const size = { width: 640, height: 250 };

export function RouteMap({ from, to, distance }: { from: Airport; to: Airport; distance: string }) {
  const { flight: words } = useFlightsWords();
  const cityName = useCityNames();
  const map = mapOfRoute(from, to, size);
  return (
    <svg
      className="map route-map"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={words.map(cityName(from), cityName(to), distance)}
    >
      <path className="map-land" d={map.land} />
      <path className="map-route" strokeWidth="2.5" d={map.route(from, to)} />
      {[from, to].map((airport) => (
        <AirportMark key={airport.code} code={airport.code} at={map.point(airport)} />
      ))}
    </svg>
  );
}

function AirportMark({ code, at }: { code: string; at: readonly [number, number] | undefined }) {
  if (at === undefined) return null;
  const [x, y] = at;
  return (
    <>
      <circle className="map-airport" cx={x} cy={y} r="5" />
      <text className="map-code" x={x} y={y - 12} textAnchor="middle">
        {code}
      </text>
    </>
  );
}
