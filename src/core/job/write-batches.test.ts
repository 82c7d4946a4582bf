import { cellToLatLng } from "h3-js";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { A, B, C } from "../data/fixtures.testing";
import { PointCollector } from "../data/point-collector";
import { DEFAULT_RULES, STAY_RULES, type TrajectoryRules } from "../data/rules";
import type { SplitOptions } from "../data/splits";
import { finish } from "../pace";
import { createRandom } from "../random";
import { createDigits } from "../token/digits";
import { BuiltCounts } from "./built-counts";
import { DatasetFiles } from "./dataset-files";
import { writeInBatches } from "./write-batches";

const START = Date.UTC(2012, 3, 3);
const PEOPLE = 12;
const PLACES = [A, B, C].map((cell) => cellToLatLng(cell));

/** People of whom each has a time of their own, all mixed up, some rows twice, some in no time. */
async function collect() {
  const collector = new PointCollector({ anonymousSeed: 1, keepCoordinates: true });
  const random = createRandom(5, "batches");
  collector.beginFile("points.csv");
  for (let i = 0; i < 4000; i++) {
    const u = random.integer(PEOPLE);
    const [lat, lng] = PLACES[random.integer(PLACES.length)]!;
    const days = 20 * (PEOPLE - u) + random.integer(40);
    const timeMs = START + days * 86_400_000 + random.integer(200) * 300_000;
    const offsetMin = u % 2 === 0 ? 540 : 480;
    for (let times = random.integer(2); times >= 0; times--) {
      collector.add(
        { user: `p${u}`, timeMs, lat: lat + 1e-4 * random.uniform(), lng, offsetMin },
        i,
      );
    }
  }
  return finish(collector.build());
}

/** All that is written, in plain rows. */
async function write(
  rules: TrajectoryRules,
  by: SplitOptions["by"],
  { rows, isOwned }: { rows: number; isOwned: boolean },
) {
  const { points, names, report } = await collect();
  const files = new Map<string, Uint8Array>();
  const sink = {
    write: (name: string, bytes: Uint8Array) => {
      files.set(name, bytes.slice());
      return Promise.resolve();
    },
  };
  const split = { by, seed: 3 };
  const writer = new DatasetFiles(sink, {
    rules,
    split,
    async *makeTokeniser(cells) {
      yield { phase: "make the tokeniser", done: 0, total: 1, unit: "tokenisers" };
      return createDigits({}, cells);
    },
  });
  const counts = await BuiltCounts.open({ country: "JP" }, report);
  const look = counts.add.bind(counts);
  await finish(writeInBatches(writer, points, { rules, split, names, isOwned, look, rows }));
  const numbers = await finish(writer.finish({ rowsRead: 0, rejected: [] }));
  const tables = [...files].map(async ([name, bytes]) => {
    const isTable = name.endsWith(".parquet");
    return [
      name,
      isTable ? await parquetReadObjects({ file: bytes.buffer as ArrayBuffer }) : bytes,
    ];
  });
  const days = await counts.writeCalendar(sink);
  return { numbers, rare: counts.rareCells(), days, tables: await Promise.all(tables), points };
}

const { stops, resample } = STAY_RULES;
const few = { minCheckIns: 3, minCells: 2 };

describe("writeInBatches", () => {
  it.each<[string, Partial<TrajectoryRules>, SplitOptions["by"]]>([
    ["the paper's rules", {}, "user"],
    ["all rules for points", { drop: { duplicates: true, clocks: true, speedKmh: 5 } }, "user"],
    ["ten days, from the first day of all", { window: "10-days" }, "user"],
    ["parts of all trajectories", { window: "week" }, "trajectory"],
    [
      "stops and both",
      { stays: { ...stops, radiusM: 200, minMin: 0 }, window: "10-days" },
      "trajectory",
    ],
    ["places between", { stays: { ...resample, fill: "linear", intervalMin: 240 } }, "user"],
  ])("writes with %s what all points at once would give", async (_, own, by) => {
    const rules = { ...DEFAULT_RULES, ...few, ...own };
    const whole = await write(rules, by, { rows: Infinity, isOwned: false });
    const parted = await write(rules, by, { rows: 700, isOwned: true });
    expect(parted.numbers).toEqual(whole.numbers);
    expect(whole.numbers.trajectories).toBeGreaterThan(PEOPLE);
    expect([parted.rare, parted.days]).toEqual([whole.rare, whole.days]);
    expect(parted.tables).toEqual(whole.tables);
    expect(whole.points.user.length).toBeGreaterThan(5000); // somebody else's, as they were
  });
});
