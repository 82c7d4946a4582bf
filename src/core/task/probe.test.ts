import fc from "fast-check";
import { gridDisk } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellCentres, CellTableBuilder, parentTable } from "../geo/cells";
import { PART, splitByBlock, splitRandomly } from "./cell-splits";
import { finish } from "../pace";
import { createRandom } from "../random";
import { allRows } from "./linear-model";
import { createNeighbours } from "./neighbours";
import { answerWith, COORDINATES, runProbe, type ProbeInput } from "./probe";
import { decileEdges, valuesToDeciles } from "../truth/deciles";

function makeArea(rings: number) {
  const builder = new CellTableBuilder();
  gridDisk("882e601a5dfffff", rings).forEach((hash) => builder.add(hash));
  const table = builder.build();
  return { table, N: table.hi.length, centres: cellCentres(table) };
}
const area = makeArea(40); // 4,921 cells
const count = (part: Uint8Array, which: number): number => part.filter((p) => p === which).length;

describe("splits of cells", () => {
  it("draws four fifths at random, and leaves cells without a truth alone", () => {
    const { part } = splitRandomly((n) => n !== 7, area.table, { seed: 1 });
    expect(count(part, PART.heldOut)).toBe(984);
    expect(count(part, PART.validation)).toBe(787);
    expect(part[7]).toBe(PART.unused);
    expect(splitRandomly((n) => n !== 7, area.table, { seed: 1 }).part).toEqual(part);
    expect(splitRandomly((n) => n !== 7, area.table, { seed: 2 }).part).not.toEqual(part);
  });

  it("never puts cells of one block on both sides", () => {
    const split = splitByBlock(() => true, area.table, { seed: 1, trainCells: 500 });
    expect(split.words).toMatch(/^500 .* resolution 5$/);
    const { parentOf } = parentTable(area.table, 5);
    const sides = new Map<number, Set<number>>();
    split.part.forEach((part, n) => {
      if (part === PART.unused) return;
      const known = sides.get(parentOf[n]!) ?? new Set();
      sides.set(parentOf[n]!, known.add(part));
    });
    expect([...sides.values()].every((parts) => parts.size === 1)).toBe(true);
    expect(count(split.part, PART.train)).toBe(400);
    expect(count(split.part, PART.validation)).toBe(100);
    expect(count(split.part, PART.heldOut)).toBeGreaterThan(400);
  });

  it("says when there are too few", () => {
    expect(() => splitRandomly((n) => n < 4, area.table, { seed: 1 })).toThrow(/too few cells/);
  });
});

describe("createNeighbours", () => {
  it("finds what a look at every point finds", () => {
    const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 80 }), point, (points, [px, py]) => {
        const x = Float64Array.from(points, ([x]) => x);
        const y = Float64Array.from(points, ([, y]) => y);
        const square = (i: number): number => (x[i]! - px) ** 2 + (y[i]! - py) ** 2;
        const wanted = points.map((_, i) => i).sort((a, b) => square(a) - square(b) || a - b);
        expect(createNeighbours(x, y).find(px, py, 5)).toEqual(wanted.slice(0, 5));
      }),
    );
  });
});

/** Features of which a few carry the truth, and as many that carry nothing. */
function makeFeatures(truth: Float64Array) {
  const random = createRandom(1, "features");
  const width = 16;
  const data = Float32Array.from({ length: truth.length * width }, () => random.normal());
  const noise = { data: data.slice(), width };
  truth.forEach((value, n) => (data[n * width] = value + 0.3 * random.normal()));
  return { telling: { data, width }, noise };
}

describe("runProbe", () => {
  const { table, centres, N } = makeArea(18); // 1,027 cells
  const random = createRandom(2, "truth");
  const rough = Float64Array.from({ length: N }, () => random.normal()); // nothing to do with where
  const smooth = Float64Array.from(centres.lat, (lat) => Math.sin((lat - centres.lat[0]!) * 40));
  const { part } = splitRandomly(() => true, table, { seed: 3 });
  const toInput = (truth: Float64Array, target: ProbeInput["target"]): ProbeInput => {
    const { telling, noise } = makeFeatures(truth);
    const variants = [
      { name: "pre-trained", features: telling },
      { name: "twin", features: noise },
    ];
    return { variants, places: centres, target, part, seed: 1 };
  };

  it("finds a truth in the features that is not in the coordinates", async () => {
    const input = toInput(rough, { kind: "regression", values: rough });
    const { rows } = await finish(runProbe(input));
    expect(rows.map(({ name }) => name)).toEqual(["pre-trained", "twin", COORDINATES, "mean"]);
    const r2 = rows.map(({ scores }) => (scores.kind === "regression" ? scores.r2 : NaN));
    expect(r2[0]).toBeGreaterThan(0.85);
    for (const other of r2.slice(1)) expect(other).toBeLessThan(0.1);
  });

  it("finds a smooth truth in the coordinates alone", async () => {
    const { rows } = await finish(
      runProbe(toInput(smooth, { kind: "regression", values: smooth })),
    );
    expect(rows[2]!.scores).toMatchObject({ kind: "regression" });
    expect(rows[2]!.scores.kind === "regression" && rows[2]!.scores.r2).toBeGreaterThan(0.98);
  });

  it("answers deciles, better than chance and near where wrong", async () => {
    const values = valuesToDeciles(rough, decileEdges(rough));
    const target = { kind: "classification", values, classCount: 10, isOrdered: true } as const;
    const input = toInput(rough, target);
    const { rows } = await finish(runProbe(input));
    const [first, twin] = rows as [(typeof rows)[0], (typeof rows)[0]];
    expect(first.scores.kind === "classification" && first.scores.f).toBeGreaterThan(0.3);
    expect(twin.scores.kind === "classification" && twin.scores.f).toBeLessThan(0.2);
    expect(first.classDistance).toBeLessThan(1.5);
    expect(twin.classDistance).toBeGreaterThan(2.5);
    const again = answerWith(first.answer!, input.variants[0]!.features, allRows(N));
    expect(again).toEqual(first.predicted);
    expect((await finish(runProbe(input))).rows).toEqual(rows);
  });

  it("stops when told", async () => {
    const input = toInput(rough, { kind: "regression", values: rough });
    const work = finish(runProbe({ ...input, signal: AbortSignal.abort() }));
    await expect(work).rejects.toMatchObject({ code: "stopped" });
  });
});
