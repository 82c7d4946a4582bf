import { exp, pow } from "../exact";
import type { CellGrid } from "./cell-grid";
import { visitCellsWithin } from "./cell-grid";
import type { Seat } from "./seats";
import { toPlane } from "./terrain";
import type { Waves } from "./terrain";

/** Columns over cells, [N] each. */
export interface PeopleColumns {
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly terrain: Float32Array;
  readonly areaKm2: Float32Array;
  /** People per km2 as they add up; Float64 so that the order of seats is all that matters. */
  readonly density: Float64Array;
  readonly population: Float32Array;
}

/** Beyond this many scale lengths a seat is forgotten: e^-9 is a ten-thousandth. */
const REACH = 9;

/** Share of a city's people who live around it as in the profile. */
const URBAN_SHARE = 0.75;

/** Adds a seat's people: density falls exponentially, its scale grows with the city (3 km at 100,000). */
export function addSeat(density: Float64Array, grid: CellGrid, seat: Seat): void {
  const scaleKm = 3 * pow(seat.population / 100_000, 0.33);
  const peak = (URBAN_SHARE * seat.population) / (2 * Math.PI * scaleKm * scaleKm);
  const place = { lat: seat.lat, lng: seat.lng, radiusKm: REACH * scaleKm };
  visitCellsWithin(grid, place, (n, square) => {
    density[n]! += peak * exp(-Math.sqrt(square) / scaleKm);
  });
}

/** Adds the countryside and thins people out by terrain and a random field of 9 km. */
export function thinPeople(columns: PeopleColumns, waves: Waves, from: number, to: number): void {
  for (let n = from; n < to; n++) {
    const terrain = columns.terrain[n]!;
    const steep = Math.min(2.5, Math.max(-1, terrain));
    const noise = waves(...toPlane(columns.lat[n]!, columns.lng[n]!));
    const countryside = 3 * exp(-terrain);
    columns.density[n] = (columns.density[n]! + countryside) * exp(-0.8 * steep + 0.45 * noise);
  }
}

/** Scales the density to a given number of people in all and fills `population`, to a thousandth. */
export function countPeople(columns: PeopleColumns, people: number): void {
  let sum = 0;
  columns.density.forEach((density, n) => (sum += density * columns.areaKm2[n]!));
  const scale = people / sum;
  columns.density.forEach((density, n) => {
    columns.density[n] = density * scale;
    columns.population[n] = Math.round(density * scale * columns.areaKm2[n]! * 1000) / 1000;
  });
}
