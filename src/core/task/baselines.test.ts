import { cellToParent, gridDisk, gridRing, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellCentres, cellHash, CellTableBuilder, haversineKm } from "../geo/cells";
import { countVisits, createBaselines, midpoint, unigramPerplexity } from "./baselines";
import { chooseHidden, scoreGuesses } from "./masked-scores";

/** A disc of cells around Aichi, its centre being cell 0, and two trajectories over it. */
const MIDDLE = "882e601a5dfffff";
function makeArea(rings = 6) {
  const builder = new CellTableBuilder();
  gridDisk(MIDDLE, rings).forEach((hash) => builder.add(hash));
  const table = builder.build();
  return { builder, table, centres: cellCentres(table) };
}

function opposite(builder: CellTableBuilder, rings: number): [number, number] {
  const ring = gridRing(MIDDLE, rings);
  return [builder.add(ring[0]!), builder.add(ring[ring.length / 2]!)];
}

describe("createBaselines", () => {
  const { builder, table, centres } = makeArea();
  const [west, east] = opposite(builder, 3);
  const sequences = {
    offsets: Uint32Array.of(0, 3, 6),
    cell: Uint32Array.of(west, 0, east, west, west, west),
  };
  const visits = countVisits(sequences, [0, 1], table.hi.length);
  const baselines = createBaselines({ table, sequences, visits, centres });
  const hidden = { trajectory: 0, from: 0, to: 3, at: 1 };

  it("takes the previous place, the next place and the cell between them", () => {
    expect(baselines["previous place"](hidden)).toEqual([west]);
    expect(baselines["next place"](hidden)).toEqual([east]);
    expect(baselines["middle of the neighbours"](hidden)[0]).toBe(0);
  });

  it("takes the one neighbour at the ends of a trajectory, never one of another trajectory", () => {
    const last = { trajectory: 0, from: 0, to: 3, at: 2 };
    const first = { trajectory: 1, from: 3, to: 6, at: 3 };
    expect(baselines["next place"](last)).toEqual([0]);
    expect(baselines["middle of the neighbours"](last)).toEqual([0]);
    expect(baselines["previous place"](first)).toEqual([west]);
  });

  it("ranks the most visited cells, ties by number", () => {
    expect(baselines["most visited cells"](hidden).slice(0, 2)).toEqual([west, 0]);
  });

  it("finds the existing cell nearest to the middle where the middle does not exist", () => {
    const sparse = new CellTableBuilder();
    const [a, b] = [gridRing(MIDDLE, 20)[0]!, gridRing(MIDDLE, 20)[60]!];
    [a, b, gridRing(MIDDLE, 9)[3]!, gridRing(MIDDLE, 12)[5]!].forEach((hash) => sparse.add(hash));
    const table = sparse.build();
    const sequences = { offsets: Uint32Array.of(0, 3), cell: Uint32Array.of(0, 3, 1) };
    const far = createBaselines({ table, sequences, visits: new Uint32Array(4) });
    expect(far["middle of the neighbours"]({ ...hidden })[0]).toBe(2);
  });

  it("scores guesses in km, ranks and unseen cells", () => {
    const scored = scoreGuesses({
      sequences,
      hidden: [hidden, { trajectory: 1, from: 3, to: 6, at: 4 }],
      guesses: [[west], [west]],
      centres,
      seed: 1,
    });
    const km = haversineKm(
      centres.lat[west]!,
      centres.lng[west]!,
      centres.lat[0]!,
      centres.lng[0]!,
    );
    expect(scored.top1).toBe(0.5);
    expect(scored.top5).toBeUndefined();
    expect(scored.medianKm.value).toBeCloseTo(km / 2);
    expect(scored.unseen).toMatchObject({ count: 1, top1: 0 });
  });

  it("has perplexity N without data, and less for what is visited", () => {
    expect(unigramPerplexity(new Uint32Array(50), [1, 2])).toBeCloseTo(50);
    // p(west) = (4 + 1) / (6 + N)
    expect(unigramPerplexity(visits, [west])).toBeCloseTo((6 + table.hi.length) / 5);
  });
});

describe("chooseHidden", () => {
  const sequences = { offsets: Uint32Array.of(0, 1, 5, 9, 13), cell: new Uint32Array(13) };
  const draw = (count: number, seed: number) =>
    chooseHidden(sequences, [0, 1, 2, 3], { count, seed });

  it("draws from different trajectories first, the same for the same seed", () => {
    const drawn = draw(3, 4);
    expect(drawn.map(({ trajectory }) => trajectory).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    drawn.forEach(({ at, from, to }) => expect(at >= from && at < to).toBe(true));
    expect(draw(3, 4)).toEqual(drawn);
    expect(draw(3, 5)).not.toEqual(drawn);
  });

  it("draws no check-in twice, and all of them at most", () => {
    expect(new Set(draw(9, 4).map(({ at }) => at)).size).toBe(9);
    expect(draw(100, 4)).toHaveLength(12); // a trajectory of one check-in has no neighbour
  });
});

describe("midpoint", () => {
  it("crosses the antimeridian and follows the great circle", () => {
    const [lat, lng] = midpoint(0, 179, 0, -179);
    expect([lat, Math.abs(lng)]).toEqual([0, 180]);
    expect(midpoint(60, 0, 60, 90)[0]).toBeGreaterThan(60);
    expect(cellToParent(latLngToCell(...midpoint(35, 136, 35, 136), 8), 4)).toBe(
      cellToParent(latLngToCell(35, 136, 8), 4),
    );
    expect(cellHash(makeArea(1).table, 0)).toBe(MIDDLE);
  });
});
