import { cellArea } from "h3-js";
import type { CellTable } from "../geo/cells";
import { cellHash } from "../geo/cells";
import { createPace } from "../pace";
import type { Progress } from "../pace";
import { DEFAULT_SEED, createRandom } from "../random";
import { assignNearest, createPatch } from "./admin";
import type { Contest, Patch } from "./admin";
import type { CellGrid } from "./cell-grid";
import { createCellGrid } from "./cell-grid";
import { coastDistances } from "./coast";
import { coverCells, createCoverWaves } from "./cover";
import { decodeLand } from "./land";
import type { Land } from "./land";
import { drawMunicipalities } from "./municipalities";
import { addSeat, countPeople, thinPeople } from "./people";
import { placeCells } from "./places";
import { RESORT_COUNT, addResorts } from "./resorts";
import { JAPAN, TOWN_COUNT, createTowns, headStartKm } from "./seats";
import type { Seat, Settlement, Shore } from "./seats";
import { inSlices, rest } from "./slices";
import type { Course } from "./slices";
import { createRidges, namedWaves, raiseTerrain, toMetres } from "./terrain";

/** The simulated country: every truth that the tasks need, one row a land cell. Columns are [N]. */
export interface Geography {
  /** All land cells at resolution 8, in ascending order of the index. */
  readonly cells: CellTable;
  readonly land: Land;
  /** Centres in degrees. */
  readonly lat: Float64Array;
  readonly lng: Float64Array;
  readonly areaKm2: Float32Array;
  /** People per cell. */
  readonly population: Float32Array;
  /** Metres above the sea; simulated, only its ups and downs mean something. */
  readonly elevation: Float32Array;
  /** Distance from the sea, km, in steps of about 2. */
  readonly coastKm: Float32Array;
  /** Shares of the cell's area; what is missing to 1 is bare. */
  readonly builtUp: Float32Array;
  readonly trees: Float32Array;
  readonly crops: Float32Array;
  readonly water: Float32Array;
  /** How much the cell draws leisure trips. */
  readonly leisure: Float32Array;
  /** Index in names.prefectures, names.regions and names.municipalities. */
  readonly prefecture: Uint8Array;
  readonly region: Uint8Array;
  readonly municipality: Uint16Array;
  /** 0 city, 1 town, 2 village. */
  readonly municipalityClass: Uint8Array;
  readonly names: {
    readonly prefectures: string[];
    readonly regions: string[];
    readonly municipalities: string[];
  };
  /** Land cells of a parent of resolution 5, and a search for the cell of a place. */
  readonly patches: readonly Patch[];
  readonly grid: CellGrid;
  /** The largest first; municipality m is that of city m, and towns come after them. */
  readonly cities: readonly Seat[];
  readonly seed: number;
}

/** Cells and people of all Japan; a part of it, or another country, has as many people a cell. */
const ALL_CELLS = 572_642;
const ALL_PEOPLE = 125_000_000;

/** Columns while they are being filled, [N] each. */
function createColumns(N: number) {
  const floats = (): Float32Array<ArrayBuffer> => new Float32Array(N);
  return {
    lat: new Float64Array(N),
    lng: new Float64Array(N),
    areaKm2: floats(),
    coastKm: floats(),
    cityKm: floats(),
    terrain: floats(),
    density: new Float64Array(N),
    population: floats(),
    elevation: floats(),
    builtUp: floats(),
    trees: floats(),
    crops: floats(),
    water: floats(),
    leisure: floats(),
    prefecture: new Uint8Array(N),
    region: new Uint8Array(N),
    municipality: new Uint16Array(N),
    municipalityClass: new Uint8Array(N),
  };
}
type Columns = ReturnType<typeof createColumns>;

export interface GeographyOptions {
  readonly seed?: number;
  /** Founds cities and prefectures on the land; default those of Japan. */
  readonly settle?: (shore: Shore) => Settlement;
  readonly signal?: AbortSignal;
}

/**
 * Builds the country of one seed from the bytes of a land mask: public/data/land-r8.bin, a part of it (as the tests
 * do), or another country's with what settles it.
 * Yields progress and rests every 40 ms. Throws "bad-file" for other bytes and "stopped".
 */
export async function* buildGeography(
  landMask: Uint8Array,
  { seed = DEFAULT_SEED, settle = () => JAPAN, signal }: GeographyOptions = {},
): AsyncGenerator<Progress, Geography> {
  const land = decodeLand(landMask);
  const N = land.cells.hi.length;
  const columns = createColumns(N);
  const pace = createPace(signal);
  const stage = (done: number, weight: number): Course => {
    return {
      pace,
      done: (done * N) / 100,
      weight: (weight * N) / 100,
      total: N,
      phase: "build the country",
    };
  };
  yield* inSlices(N, stage(0, 30), (from, to) => placeCells(columns, land.cells, from, to));
  const patches: Patch[] = [];
  const addPatches = (first: number, last: number): void => {
    for (let p = first; p < last; p++) patches.push(createParentPatch(columns, land, p));
  };
  yield* inSlices(land.parents.hi.length, stage(30, 4), addPatches, 32);
  const grid = createCellGrid(columns.lat, columns.lng);
  yield* rest(stage(34, 1), 1);
  columns.coastKm.set(coastDistances(grid));
  const settlement = settle(columns);
  const { cities, prefectures, regions } = settlement;
  yield* drawPrefectures(columns, patches, settlement, stage(35, 5));
  const ridges = createRidges(seed);
  yield* inSlices(N, stage(40, 20), (from, to) => raiseTerrain(columns, ridges, from, to));
  const townCount = Math.ceil((TOWN_COUNT * N) / ALL_CELLS);
  const sites = { ...columns, cities };
  const seats = [...cities, ...createTowns(sites, townCount, createRandom(seed, "towns"))];
  yield* rest(stage(60, 15), 0);
  yield* peopleLand(columns, { seats, grid, seed }, stage(60, 15));
  const waves = createCoverWaves(seed);
  yield* inSlices(N, stage(75, 15), (from, to) => coverCells(columns, waves, from, to));
  yield* drawMunicipalities(columns, patches, {
    seats,
    count: prefectures.length,
    course: stage(90, 10),
  });
  const resortCount = Math.ceil((RESORT_COUNT * N) / ALL_CELLS);
  addResorts(columns, grid, resortCount, createRandom(seed, "resorts"));
  columns.terrain.forEach((height, n) => (columns.elevation[n] = toMetres(height)));
  const names = {
    prefectures: prefectures.map((prefecture) => prefecture.name),
    regions: [...regions],
    municipalities: seats.map((seat) => seat.name),
  };
  return { ...columns, cells: land.cells, land, names, patches, grid, cities, seed };
}

/** The patch of one parent. A cell's area is a 343rd of its parent's, which is right within a hundredth. */
function createParentPatch(columns: Columns, land: Land, p: number): Patch {
  const from = land.starts[p]!;
  const to = land.starts[p + 1]!;
  const areaKm2 = Math.round((cellArea(cellHash(land.parents, p), "km2") / 343) * 1e4) / 1e4;
  columns.areaKm2.fill(areaKm2, from, to);
  return createPatch(columns.lat, columns.lng, from, to);
}

/** Prefectures by an additively weighted Voronoi diagram of the cities, and the distance of the nearest city. */
async function* drawPrefectures(
  columns: Columns,
  patches: readonly Patch[],
  { cities, prefectures }: Settlement,
  course: Course,
): AsyncGenerator<Progress, void> {
  const winner = new Uint16Array(columns.lat.length);
  const level = new Float64Array(cities.length);
  const leads = Float64Array.from(cities, (city) => headStartKm(city.population));
  const nearest: Contest = { seats: cities, leads: level, winner, km: columns.cityKm };
  const ruling: Contest = { seats: cities, leads, winner, km: new Float32Array(winner.length) };
  yield* inSlices(
    patches.length,
    course,
    (first, last) => {
      for (const patch of patches.slice(first, last)) {
        assignNearest(patch, columns, nearest);
        assignNearest(patch, columns, ruling);
        for (let n = patch.from; n < patch.to; n++) {
          columns.prefecture[n] = cities[winner[n]!]!.prefecture;
          columns.region[n] = prefectures[columns.prefecture[n]!]!.region;
        }
      }
    },
    16,
  );
}

async function* peopleLand(
  columns: Columns,
  { seats, grid, seed }: { seats: readonly Seat[]; grid: CellGrid; seed: number },
  course: Course,
): AsyncGenerator<Progress, void> {
  yield* inSlices(
    seats.length,
    { ...course, weight: course.weight / 2 },
    (from, to) => {
      for (const seat of seats.slice(from, to)) addSeat(columns.density, grid, seat);
    },
    16,
  );
  const N = columns.lat.length;
  const waves = namedWaves(seed, "people-9", 9);
  const second = { ...course, done: course.done + course.weight / 2, weight: course.weight / 2 };
  yield* inSlices(N, second, (from, to) => thinPeople(columns, waves, from, to));
  countPeople(columns, (ALL_PEOPLE * N) / ALL_CELLS);
}
