import { readFileSync } from "node:fs";
import { latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../geo/cells";
import { finish } from "../pace";
import { importPoints } from "./read/import-points";
import { PointCollector } from "./point-collector";

const TEXT = readFileSync(
  new URL("../../../test/fixtures/odd-places.csv", import.meta.url),
  "utf8",
);

interface Case {
  line: number;
  lat: number;
  lng: number;
  name: string;
}

const cases = TEXT.trim()
  .split("\n")
  .map((row, i): Case => {
    const [, , lat, lng, ...name] = row.split(",");
    return { line: i + 1, lat: Number(lat), lng: Number(lng), name: name.join(",").slice(1, -1) };
  })
  .slice(1);
const REJECT = "reject: ";

describe("antimeridian, poles, pentagons and null islands (DI-24)", () => {
  it.each([5, 8, 10])("are found or rejected by line at resolution %i", async (resolution) => {
    const collector = new PointCollector({ anonymousSeed: 1, resolution });
    const file = { path: "odd-places.csv", blob: new Blob([TEXT]) };
    await finish(importPoints([file], {}, collector));
    const { points, report } = await finish(collector.build());
    const good = cases.filter(({ name }) => !name.startsWith(REJECT));
    expect(Array.from(points.cell, (n) => cellHash(points.cells, n))).toEqual(
      good.map(({ lat, lng }) => latLngToCell(lat, lng, resolution)),
    );
    const rejected = report.rejected.flatMap(({ reason, firstLines }) =>
      firstLines.map((line) => [line, REJECT + reason]),
    );
    const bad = cases.filter(({ name }) => name.startsWith(REJECT));
    expect(rejected.sort(([a], [b]) => Number(a) - Number(b))).toEqual(
      bad.map(({ line, name }) => [line, name]),
    );
  });
});
