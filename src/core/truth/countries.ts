import { FootfallError } from "../errors";
import { cellCentres, type CellTable } from "../geo/cells";
import { isInRing } from "./polygons/clip";

/** One ring of a country's outline in degrees (lng, lat, lng, lat, ...), with its box. */
interface Outline {
  country: string;
  ring: Float64Array;
  box: readonly [west: number, south: number, east: number, north: number];
}

/** In which country points lie. */
export interface CountryGuess {
  /** ISO 3166 code; undefined where the points lie in several countries, or mostly in none. */
  country: string | undefined;
  /** Share of the points in any country that lie in the first of them; 0 where none does. */
  share: number;
}

/** public/data/countries.json as scripts/make-countries.ts writes it. */
interface OutlinesFile {
  stepDeg: number;
  countries: Record<string, number[][]>;
}

/** Enough to tell nine tenths from less. */
const SAMPLE = 2000;
/** With a smaller share than this in one country, its holidays would be wrong for too many. */
const LEAST_SHARE = 0.9;
/** At sea and on islets too small for the outlines there are no countries; most points must lie in some. */
const LEAST_INSIDE = 0.5;
/** About 15 km. */
const NEAR_DEG = 0.15;

function toOutline(country: string, flat: readonly number[], stepDeg: number): Outline {
  const ring = new Float64Array(flat.length);
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < flat.length; i += 2) {
    const lng = (ring[i] = (i === 0 ? 0 : ring[i - 2]!) + flat[i]! * stepDeg);
    const lat = (ring[i + 1] = (i === 0 ? 0 : ring[i - 1]!) + flat[i + 1]! * stepDeg);
    [west, south] = [Math.min(west, lng), Math.min(south, lat)];
    [east, north] = [Math.max(east, lng), Math.max(north, lat)];
  }
  return { country, ring, box: [west, south, east, north] };
}

/** The bytes of countries.json as outlines. Throws "bad-file". */
export function readOutlines(bytes: Uint8Array): Outline[] {
  const { stepDeg, countries } = JSON.parse(new TextDecoder().decode(bytes)) as OutlinesFile;
  if (!(stepDeg > 0) || typeof countries !== "object") {
    throw new FootfallError("bad-file", "countries.json does not hold stepDeg and countries");
  }
  return Object.entries(countries).flatMap(([country, rings]) =>
    rings.map((flat) => toOutline(country, flat, stepDeg)),
  );
}

/** Inside an odd number of a country's rings: islands count, holes do not. */
function countryAt(outlines: readonly Outline[], lng: number, lat: number): string | undefined {
  const inside = new Map<string, number>();
  for (const { country, ring, box } of outlines) {
    const [west, south, east, north] = box;
    if (lng < west || lng > east || lat < south || lat > north) continue;
    if (isInRing(ring, lng, lat)) inside.set(country, (inside.get(country) ?? 0) + 1);
  }
  return [...inside].find(([, rings]) => rings % 2 === 1)?.[0];
}

/** The country of a place, or at the water's edge the only one near it: the outlines know no Manhattan. */
function countryNear(outlines: readonly Outline[], lng: number, lat: number): string | undefined {
  const here = countryAt(outlines, lng, lat);
  if (here !== undefined) return here;
  const around = [-NEAR_DEG, 0, NEAR_DEG].flatMap((dx) =>
    [-NEAR_DEG, 0, NEAR_DEG].map((dy) => countryAt(outlines, lng + dx, lat + dy)),
  );
  const near = new Set(around.filter((country) => country !== undefined));
  return near.size === 1 ? [...near][0] : undefined;
}

/** Cells of an even sample of points. */
function sampleCells(cells: CellTable, cell: Uint32Array): CellTable {
  const step = Math.max(1, cell.length / SAMPLE);
  const chosen = Uint32Array.from(
    { length: Math.ceil(cell.length / step) },
    (_, i) => cell[Math.floor(i * step)]!,
  );
  return {
    ...cells,
    hi: chosen.map((n) => cells.hi[n]!),
    lo: chosen.map((n) => cells.lo[n]!),
  };
}

/** Guesses the country of points from 2,000 of them; it says none rather than a wrong one. */
export function guessCountry(
  outlines: readonly Outline[],
  { cells, cell }: { cells: CellTable; cell: Uint32Array },
): CountryGuess {
  const { lat, lng } = cellCentres(sampleCells(cells, cell));
  const counts = new Map<string, number>();
  lat.forEach((degrees, i) => {
    const country = countryNear(outlines, lng[i]!, degrees);
    if (country !== undefined) counts.set(country, (counts.get(country) ?? 0) + 1);
  });
  const inside = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const [country, most] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [undefined, 0];
  const share = most / Math.max(1, inside);
  const isSure = share >= LEAST_SHARE && inside >= LEAST_INSIDE * lat.length;
  return { country: isSure ? country : undefined, share };
}
