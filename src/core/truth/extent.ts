/** West, south, east and north in degrees. */
export type Extent = readonly [west: number, south: number, east: number, north: number];

interface Places {
  readonly lat: ArrayLike<number>;
  readonly lng: ArrayLike<number>;
}

function rangeOf(values: ArrayLike<number>): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}

/** The box around some places, those without coordinates left out. */
export function extentOf({ lat, lng }: Places): Extent {
  const [south, north] = rangeOf(lat);
  const [west, east] = rangeOf(lng);
  return [west, south, east, north];
}

/** "lat 1.23 to 4.56, lng 7.89 to 10.11" of some places. */
export function describeExtent(places: Places | Extent): string {
  const [west, south, east, north] = "lat" in places ? extentOf(places) : places;
  const range = (from: number, to: number): string => `${from.toFixed(2)} to ${to.toFixed(2)}`;
  return `lat ${range(south, north)}, lng ${range(west, east)}`;
}

/** True where a place lies in a box, or does a turn around the globe away: boxes may cross the antimeridian. */
export function liesWithin([west, south, east, north]: Extent, lat: number, lng: number): boolean {
  if (lat < south || lat > north) return false;
  return [-360, 0, 360].some((turn) => lng + turn >= west && lng + turn <= east);
}
