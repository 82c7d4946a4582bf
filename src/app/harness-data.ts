import { gridDisk, latLngToCell } from "h3-js";
import { createRandom } from "../core/random";
import { CellTableBuilder, cellCentres, haversineKm } from "../core/geo/cells";
import type { CellTable } from "../core/geo/cells";

/** Made-up cells around a place: a disk of k rings. */
export function diskCells(lat: number, lng: number, rings: number, resolution = 8): CellTable {
  const builder = new CellTableBuilder();
  for (const hash of gridDisk(latLngToCell(lat, lng, resolution), rings)) builder.add(hash);
  return builder.build();
}

/** Made-up towns: each a hill of people around a place. */
const TOWNS = [
  { lat: 35.68, lng: 139.76, people: 9000, km: 12 },
  { lat: 35.44, lng: 139.63, people: 6000, km: 7 },
  { lat: 35.86, lng: 139.65, people: 4000, km: 6 },
  { lat: 35.61, lng: 140.11, people: 3500, km: 6 },
  { lat: 35.66, lng: 139.33, people: 2600, km: 5 },
];

/** A made-up field of people per cell with some noise. [N] */
export function peoplePerCell(cells: CellTable, seed: number): Float32Array {
  const random = createRandom(seed, "harness people");
  const { lat, lng } = cellCentres(cells);
  return Float32Array.from(lat, (cellLat, n) => {
    const hills = TOWNS.map((town) => {
      const km = haversineKm(cellLat, lng[n]!, town.lat, town.lng);
      return town.people * Math.exp(-km / town.km);
    });
    return hills.reduce((sum, hill) => sum + hill) * Math.exp(0.35 * random.normal()) + 2;
  });
}

/** The same field as a mediocre model would infer it. [N] */
export function inferredPeople(truth: Float32Array, seed: number): Float32Array {
  const random = createRandom(seed, "harness inference");
  return truth.map((people) => people ** 0.93 * 1.4 * Math.exp(0.25 * random.normal()));
}

/** Shares between 0 and 1, one a cell. [N] */
export function toShares(people: Float32Array): Float32Array {
  return people.map((value) => value / (value + 1500));
}

/** Counts of visits, with cells that nobody saw. [N] */
export function visitsPerCell(people: Float32Array, seed: number): Float32Array {
  const random = createRandom(seed, "harness visits");
  return people.map((value) => {
    const visits = Math.floor((value / 40) * Math.exp(random.normal()));
    return visits > 0 ? visits : Number.NaN;
  });
}
