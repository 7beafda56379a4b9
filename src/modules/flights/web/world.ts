/** The geometry of maps: the outline of the land, and great circles between airports. Loaded only with a map. */
import { type GeoPermissibleObjects, type GeoProjection, geoDistance, geoInterpolate, geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import landTopology from 'world-atlas/land-110m.json';

export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws on a map; coordinates have one decimal, which is enough for a screen. */
export interface MapDrawing {
  /** The globe, as far as it is shown. */
  readonly sea: string;
  readonly land: string;
  route(from: Place, to: Place): string;
  /** Undefined for a place that the map does not show. */
  point(place: Place): readonly [number, number] | undefined;
}

const land: GeoPermissibleObjects = feature(landTopology as unknown as Parameters<typeof feature>[0], 'land');
/** Where most people and airports are; the far south is cut off. */
const inhabited: GeoPermissibleObjects = {
  type: 'MultiPoint',
  coordinates: [
    [-168, 5],
    [179, 5],
    [0, 76],
    [0, -50],
  ],
};
/** How far a drawn great circle may be from the true one. */
const curvePixels = 0.1;
/** A route shorter than this, in radians, is shown with land around it. */
const smallestSpan = 0.12;

/** The whole inhabited world. */
export function worldMap({ width, height }: Size): MapDrawing {
  return drawing(geoNaturalEarth1().rotate([-11, 0]).fitSize([width, height], inhabited), { width, height });
}

/** The part of the world around one route. */
export function mapOfRoute(from: Place, to: Place, { width, height }: Size): MapDrawing {
  const line = lineOf(from, to);
  const middle = geoInterpolate(pair(from), pair(to))(0.5);
  const room = Math.max(smallestSpan - geoDistance(pair(from), pair(to)), 0) * 90;
  const around: GeoPermissibleObjects = {
    type: 'GeometryCollection',
    geometries: [
      line,
      {
        type: 'MultiPoint',
        coordinates: [
          [middle[0] - room, middle[1]],
          [middle[0] + room, middle[1]],
        ],
      },
    ],
  };
  const margin = Math.min(width, height) * 0.16;
  const projection = geoNaturalEarth1()
    // The middle of the route is the middle of the map, also across the date line.
    .rotate([-middle[0], 0])
    .fitExtent(
      [
        [margin, margin],
        [width - margin, height - margin],
      ],
      around,
    );
  return drawing(projection, { width, height });
}

function drawing(projection: GeoProjection, { width, height }: Size): MapDrawing {
  const clipped = projection.precision(curvePixels).clipExtent([
    [-10, -10],
    [width + 10, height + 10],
  ]);
  const path = geoPath(clipped).digits(1);
  return {
    sea: path({ type: 'Sphere' }) ?? '',
    land: path(land) ?? '',
    route: (from, to) => path(lineOf(from, to)) ?? '',
    point: (place) => {
      const at = clipped(pair(place));
      return at === null ? undefined : [Math.round(at[0] * 10) / 10, Math.round(at[1] * 10) / 10];
    },
  };
}

const pair = ({ longitude, latitude }: Place): [number, number] => [longitude, latitude];

function lineOf(from: Place, to: Place): { readonly type: 'LineString'; readonly coordinates: [number, number][] } {
  return { type: 'LineString', coordinates: [pair(from), pair(to)] };
}
