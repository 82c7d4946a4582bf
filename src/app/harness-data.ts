import { cellToLatLng, cellToParent, gridDisk, latLngToCell } from "h3-js";
import { createRandom } from "../core/random";
import { CellTableBuilder, cellCentres, haversineKm } from "../core/geo/cells";
import type { CellTable } from "../core/geo/cells";
import type { CheckInMark } from "../view/map/check-ins";
import type { Guess } from "../view/map/masked-figure";
import type { Piece } from "../view/map/token-figure";

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

const HOME = { lat: 35.66, lng: 139.62 };
const WORK = { lat: 35.69, lng: 139.77 };

/** A made-up month: home and work, some way around both. */
export function madeUpCheckIns(seed: number): CheckInMark[] {
  const random = createRandom(seed, "harness check-ins");
  return Array.from({ length: 26 }, (_, i) => {
    const { lat, lng } = i % 4 === 2 ? WORK : HOME;
    const km = i % 4 === 0 ? 0 : i % 4 === 2 ? 0.4 : 5;
    const hash = latLngToCell(
      lat + (random.normal() * km) / 111,
      lng + (random.normal() * km) / 90,
      8,
    );
    return { hash, time: `day ${1 + (i >> 2)}, ${6 + (i % 4) * 5}:00` };
  });
}

/** Made-up guesses around a check-in. */
export function madeUpGuesses(
  checkIns: readonly CheckInMark[],
  masked: number,
  seed: number,
): Guess[] {
  const random = createRandom(seed, "harness guesses", masked);
  const [lat, lng] = cellToLatLng(checkIns[masked]?.hash ?? "882f5aadabfffff");
  const shares = Array.from({ length: 10 }, (_, i) => 0.27 * Math.exp(-0.42 * i));
  const taken = new Set<string>();
  return shares.flatMap((probability) => {
    const hash = latLngToCell(lat + random.normal() / 50, lng + random.normal() / 38, 8);
    if (taken.has(hash)) return [];
    taken.add(hash);
    return [{ hash, probability }];
  });
}

/** Made-up points between the check-ins. */
export function madeUpPoints(
  checkIns: readonly CheckInMark[],
  seed: number,
): { lat: number[]; lng: number[] } {
  const random = createRandom(seed, "harness points");
  const points = { lat: [] as number[], lng: [] as number[] };
  checkIns.slice(1).forEach(({ hash }, i) => {
    const from = cellToLatLng(checkIns[i]?.hash ?? hash);
    const to = cellToLatLng(hash);
    for (let step = 0; step < 12; step++) {
      points.lat.push(from[0] + ((to[0] - from[0]) * step) / 12 + random.normal() * 0.001);
      points.lng.push(from[1] + ((to[1] - from[1]) * step) / 12 + random.normal() * 0.001);
    }
  });
  return points;
}

/** The pieces of a cell as a digits tokeniser writes them: a parent and three digits. */
export function madeUpPieces(hash: string): Piece[] {
  if (!hash) return [];
  return [
    { text: cellToParent(hash, 5).slice(0, 7), resolution: 5 },
    { text: "##314", resolution: 8 },
  ];
}
