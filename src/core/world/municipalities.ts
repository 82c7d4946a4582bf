import type { Progress } from "../pace";
import { assignNearest } from "./admin";
import type { Patch } from "./admin";
import type { Seat } from "./seats";
import { inSlices } from "./slices";
import type { Course } from "./slices";

/** A municipality with more people than this in its Voronoi cell is a city, or a town; else a village. */
const CITY_PEOPLE = 50_000;
const TOWN_PEOPLE = 12_000;

/** Columns over cells, [N] each; the last two are filled. */
export interface MunicipalityColumns {
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly population: Float32Array;
  readonly prefecture: Uint8Array;
  readonly municipality: Uint16Array;
  readonly municipalityClass: Uint8Array;
}

/** Municipalities by a Voronoi diagram of cities and towns within each prefecture; their class by people. */
export async function* drawMunicipalities(
  columns: MunicipalityColumns,
  patches: readonly Patch[],
  { seats, count, course }: { seats: readonly Seat[]; count: number; course: Course },
): AsyncGenerator<Progress, void> {
  const km = new Float32Array(columns.lat.length);
  const leadsOf = Array.from({ length: count }, (_, prefecture) =>
    Float64Array.from(seats, (seat) => (seat.prefecture === prefecture ? 0 : -Infinity)),
  );
  yield* inSlices(
    patches.length,
    course,
    (first, last) => {
      for (const patch of patches.slice(first, last)) {
        for (const prefecture of new Set(columns.prefecture.subarray(patch.from, patch.to))) {
          const isOpen = (n: number): boolean => columns.prefecture[n] === prefecture;
          const leads = leadsOf[prefecture]!;
          assignNearest(patch, columns, { seats, leads, isOpen, winner: columns.municipality, km });
        }
      }
    },
    16,
  );
  classify(columns, seats.length);
}

function classify(columns: MunicipalityColumns, seatCount: number): void {
  const people = new Float64Array(seatCount);
  columns.municipality.forEach((seat, n) => (people[seat]! += columns.population[n]!));
  const classes = people.map((count) => (count > CITY_PEOPLE ? 0 : count > TOWN_PEOPLE ? 1 : 2));
  columns.municipality.forEach((seat, n) => (columns.municipalityClass[n] = classes[seat]!));
}
