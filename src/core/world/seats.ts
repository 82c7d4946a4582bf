import { exp, log, pow } from "../exact";
import type { Random } from "../random";
import cityTable from "./cities.json";
import type { PlaceColumns } from "./places";
import { planeKm } from "./plane";
import { PREFECTURES, REGIONS } from "./prefectures";

/** A city or a simulated town: the middle of a municipality. */
export interface Seat {
  readonly name: string;
  readonly lat: number;
  readonly lng: number;
  readonly population: number;
  /** Index in the prefectures of its country. */
  readonly prefecture: number;
}

/** What a country has before any seed: its cities and how they are governed. */
export interface Settlement {
  /** The largest first. */
  readonly cities: readonly Seat[];
  /** `region` is an index in `regions`. */
  readonly prefectures: readonly { readonly name: string; readonly region: number }[];
  readonly regions: readonly string[];
}

/** What cities are founded on; columns over cells, [N] each. */
export interface Shore extends PlaceColumns {
  /** Distance from the sea. */
  readonly coastKm: Float32Array;
}

/** A row of cities.json: name, lat, lng, population, JIS code of the prefecture. */
type CityRow = [string, number, number, number, number];

/** The real cities, the largest first. Source and licence stand in cities.json. */
export const CITIES: readonly Seat[] = (cityTable.cities as CityRow[]).map(
  ([name, lat, lng, population, code]) => ({ name, lat, lng, population, prefecture: code - 1 }),
);

/** The settlement of the country in Japan's shape. */
export const JAPAN: Settlement = { cities: CITIES, prefectures: PREFECTURES, regions: REGIONS };

/** How far a city's prefecture reaches before a rival of 30,000 people at equal distance, in km. */
export function headStartKm(population: number): number {
  return (6 * log(population / 30_000)) / log(10);
}

/** Towns for the whole country; a part of it gets its share. */
export const TOWN_COUNT = 1600;
const LARGEST_TOWN = 25_000;
const TOWN_DECAY = 0.35;
const TOWN_APART_KM = 4;

/** What the placing of towns looks at; columns over cells, [N]. */
export interface TownSites {
  readonly cities: readonly Seat[];
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly prefecture: Uint8Array;
  /** Standardised terrain: the lower, the likelier a town. */
  readonly terrain: Float32Array;
}

/**
 * Simulated towns at random low-lying cells, at least 4 km from each other and from cities; the population
 * falls with the rank to the power 0.35.
 */
export function createTowns(sites: TownSites, count: number, random: Random): Seat[] {
  const towns: Seat[] = [];
  for (let attempt = 0; towns.length < count && attempt < 40 * count; attempt++) {
    const n = random.integer(sites.lat.length);
    const isWelcome = random.uniform() < 1 / (1 + exp(1.2 * sites.terrain[n]!));
    const lat = sites.lat[n]!;
    const lng = sites.lng[n]!;
    if (!isWelcome || isCrowded(lat, lng, sites.cities) || isCrowded(lat, lng, towns)) continue;
    const rank = towns.length + 1;
    const population = Math.round(LARGEST_TOWN * pow(rank, -TOWN_DECAY));
    const prefecture = sites.prefecture[n]!;
    towns.push({ name: `Simulated town ${rank}`, lat, lng, population, prefecture });
  }
  return towns;
}

function isCrowded(lat: number, lng: number, seats: readonly Seat[]): boolean {
  return seats.some((seat) => {
    const isClose = Math.abs(seat.lat - lat) < 0.05; // spares most of the square roots
    return isClose && planeKm(lat, lng, seat.lat, seat.lng) < TOWN_APART_KM;
  });
}
