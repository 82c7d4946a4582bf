import { parquetWriteBuffer } from "hyparquet-writer";
import { cellToChildren, cellToLatLng, cellToParent, gridDisk, latLngToCell } from "h3-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "../pace";
import { inspectLayer, makeTruth } from "./layer";
import { groupLayers, layerKind } from "./layer-kinds";
import type { LayerTruth, TableChoice } from "./layer-types";
import { isThere, madeFile, openReal, toTable } from "./truth.testing";

const CELLS = gridDisk(latLngToCell(35.68, 139.76, 8), 3);
const TABLE = toTable(CELLS);

const measure = (text: string, choice: Omit<TableChoice, "kind">): Promise<LayerTruth> =>
  finish(makeTruth([madeFile("x.csv", text)], { kind: "table", ...choice }, TABLE));

describe("a table keyed by cell", () => {
  it("gives numbers to their cells, several rows by mean or sum", async () => {
    const text = `h3_index,value\n${CELLS[0]},1\n${CELLS[0]},3\n${CELLS[1]!.toUpperCase()},5\n`;
    const means = await measure(text, { column: "value" });
    expect(Array.from(means.values.slice(0, 3))).toEqual([2, 5, NaN]);
    expect(means).toMatchObject({ scale: "value", report: { cells: 37, withValue: 2 } });
    const sums = await measure(text, { column: "value", aggregation: "sum", deciles: true });
    expect(Array.from(sums.values.slice(0, 2))).toEqual([4, 5]);
    expect(sums.scale).toBe("decile");
    expect(sums.edges).toHaveLength(9);
    expect(sums.columns[0]!.name).toBe("decile");
    expect(Array.from(sums.columns[0]!.values.slice(0, 3))).toEqual([0, 9, NaN]);
  });

  it("makes classes of text by majority, whatever the order of the rows", async () => {
    const rows = [`${CELLS[0]};park`, `${CELLS[0]};shop`, `${CELLS[0]};shop`, `${CELLS[2]};park`];
    for (const order of [rows, rows.toReversed()]) {
      const truth = await measure(`cell;kind\n${order.join("\n")}\n`, { column: "kind" });
      expect(truth.classes).toEqual(["park", "shop"]);
      expect(Array.from(truth.values.slice(0, 3))).toEqual([1, NaN, 0]);
    }
  });

  it("gathers finer cells in their ancestors and passes coarser ones on, but no sum", async () => {
    const children = cellToChildren(CELLS[0]!, 9);
    const finer = `cell,value\n${children.map((cell, i) => `${cell},${i}`).join("\n")}\n`;
    expect((await measure(finer, { column: "value" })).values[0]).toBe(3);
    const parent = cellToParent(CELLS[0]!, 5);
    const coarser = `cell,value\n${parent},7\n`;
    const truth = await measure(coarser, { column: "value" });
    const isBelow = CELLS.map((cell) => cellToParent(cell, 5) === parent);
    expect(Array.from(truth.values, (value) => value === 7)).toEqual(isBelow);
    expect(truth.report.warnings[0]).toMatch(/resolution 5 passed their value on/);
    await expect(measure(coarser, { column: "value", aggregation: "sum" })).rejects.toThrow(
      /ask for the mean/,
    );
  });

  it("says where both lie when they do not meet, and what cannot be used", async () => {
    const far = `cell,value\n${latLngToCell(40.7, -74, 8)},1\n`;
    await expect(measure(far, { column: "value" })).rejects.toThrow(
      /x.csv lies at lat 40.70 to 40.70, lng -73.99 to -73.99, but the cells lie at lat 35.6/,
    );
    const broken = `cell,value\n${CELLS[0]},1\nnonsense,2\n${CELLS[1]},many\n`;
    const key = { kind: "cell", column: "cell" } as const;
    const { report } = await measure(broken, { column: "value", key, aggregation: "mean" });
    expect(report.withValue).toBe(1);
    expect(report.warnings).toEqual(["2 rows cannot be used; first, line 3: no cell or place"]);
    await expect(measure(broken, { column: "worth", key })).rejects.toThrow(
      /no column "worth"; found: cell, value/,
    );
  });

  it("reads Parquet with 64-bit cells", async () => {
    const columnData = [
      {
        name: "h3",
        type: "INT64" as const,
        data: CELLS.slice(0, 3).map((hash) => BigInt(`0x${hash}`)),
      },
      { name: "value", type: "DOUBLE" as const, data: [0.5, 1, 0.25] },
    ];
    const file = madeFile("x.parquet", parquetWriteBuffer({ columnData }));
    const preview = await finish(inspectLayer([file]));
    expect(preview.choice).toMatchObject({ column: "value", key: { kind: "cell", column: "h3" } });
    const truth = await finish(makeTruth([file], preview.choice!, TABLE));
    expect(Array.from(truth.values.slice(0, 4))).toEqual([0.5, 1, 0.25, NaN]);
    expect(truth.scale).toBe("share");
  });

  it("reads back what was written, whatever the numbers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat(CELLS.length - 1), fc.double({ noNaN: true, noDefaultInfinity: true })),
          { minLength: 1 },
        ),
        async (rows) => {
          const last = new Map(rows);
          const text = `cell\tvalue\n${[...last].map(([n, value]) => `${CELLS[n]}\t${value}`).join("\n")}`;
          const key = { kind: "cell", column: "cell" } as const;
          const { values } = await measure(text, { column: "value", key, aggregation: "mean" });
          for (const [n, value] of last) expect(values[n]! + 0).toBe(Math.fround(value) + 0); // -0 is 0
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("a table keyed by latitude and longitude", () => {
  it("finds the cell of each row", async () => {
    const places = CELLS.slice(0, 5).map(cellToLatLng);
    const rows = places.map(([lat, lng], i) => `${i},${lng},${lat}`).join("\n");
    const file = madeFile("x.csv", `pm25,longitude,latitude\n${rows}\n`);
    const preview = await finish(inspectLayer([file]));
    expect(preview.choice).toMatchObject({
      column: "pm25",
      key: { kind: "place", lat: "latitude", lng: "longitude" },
    });
    const truth = await finish(makeTruth([file], preview.choice!, TABLE));
    expect(Array.from(truth.values.slice(0, 6))).toEqual([0, 1, 2, 3, 4, NaN]);
  });

  it("lies where the reader says, whatever was found", async () => {
    const places = CELLS.slice(0, 3).map(cellToLatLng);
    const rows = CELLS.slice(3, 6).map((hash, i) => [i, hash, ...places[i]!, "none"].join());
    const file = madeFile("x.csv", `pm25,cell,home y,home x,note\n${rows.join("\n")}\n`);
    const found = await finish(inspectLayer([file]));
    expect(found.keyed).toEqual({
      key: { kind: "cell", column: "cell" },
      names: ["pm25", "cell", "home y", "home x", "note"],
    });
    const key = { kind: "place", lat: "home y", lng: "home x" } as const;
    const said = await finish(inspectLayer([file], {}, { key }));
    expect(said.keyed!.key).toEqual(key);
    expect(said.columns.map(({ name }) => name)).toEqual(["pm25", "cell", "note"]);
    const truth = await finish(
      makeTruth([file], { kind: "table", column: "pm25", key: said.keyed!.key }, TABLE),
    );
    expect(Array.from(truth.values.slice(0, 6))).toEqual([0, 1, 2, NaN, NaN, NaN]);
    const nowhere = await finish(
      inspectLayer([file], {}, { key: { kind: "cell", column: "note" } }),
    );
    expect(nowhere.extent).toBeUndefined();
    expect(nowhere.warnings.join()).toMatch(/none of the first rows of x.csv has cells in .*note/);
    const lost = inspectLayer([file], {}, { key: { kind: "cell", column: "hex" } });
    await expect(finish(lost)).rejects.toThrow(/no column "hex"; found: pm25, cell, home y/);
  });

  it("refuses a table without either", async () => {
    const file = madeFile("x.csv", "name,value\na,1\nb,2\n");
    await expect(finish(inspectLayer([file]))).rejects.toThrow(
      /no column of H3 cells and none of latitude and longitude; found: name, value/,
    );
  });
});

describe("polygons", () => {
  const square = (lng: number, name: string, worth: number) => ({
    type: "Feature",
    properties: { name, worth },
    geometry: {
      type: "Polygon",
      coordinates: [
        [0, 1, 2, 3, 0].map((k) => [lng + (k === 1 || k === 2 ? 0.02 : 0), k > 1 ? 35.7 : 35.66]),
      ],
    },
  });
  const features = [square(139.74, "park", 2), square(139.76, "water", 4)];
  const file = madeFile("land.geojson", JSON.stringify({ type: "FeatureCollection", features }));
  const cells = toTable([...CELLS, latLngToCell(36.5, 139.75, 8)]);
  const ask = (choice: object): Promise<LayerTruth> =>
    finish(
      makeTruth([file], { kind: "polygons", column: "name", statistic: "class", ...choice }, cells),
    );

  it("become classes by centre and by area, means and shares", async () => {
    const classes = await ask({});
    expect(classes).toMatchObject({ scale: "class", classes: ["park", "water"] });
    expect(classes.columns.map(({ name }) => name)).toEqual(["by_area", "share", "covered"]);
    expect(classes.report.join!.withArea).toBeGreaterThan(classes.report.withValue);
    const means = await ask({ column: "worth", statistic: "mean" });
    expect(new Set(means.values.filter((value) => value > 0))).toEqual(new Set([2, 4]));
    const preview = await finish(inspectLayer([file]));
    expect(preview).toMatchObject({
      kind: "polygons",
      choice: { column: "name", statistic: "class" },
    });
  });

  it("leave cells beyond the layer without a share, but those within it with 0", async () => {
    const { values, scale } = await ask({ statistic: "share", classes: ["water"] });
    expect(scale).toBe("share");
    expect(values.at(-1)).toBeNaN();
    expect(values.filter((value) => value === 0).length).toBeGreaterThan(0);
    await expect(ask({ statistic: "share", classes: ["sand"] })).rejects.toThrow(/"sand"/);
  });
});

describe("layers of all kinds", () => {
  it("are found in a folder, each with its companions, and the project's own files are none", () => {
    const paths = ["a/x.shp", "a/x.dbf", "a/x.prj", "a/y.dbf", "p.tif", "check-ins.parquet"];
    expect(groupLayers([...paths, "report.json", "noise.csv", "readme.md"])).toEqual([
      ["a/x.shp", "a/x.dbf", "a/x.prj"],
      ["p.tif"],
      ["noise.csv"],
    ]);
  });

  it("are known by their names and first bytes", async () => {
    expect(["a.TIF", "a.zip", "a.csv.gz", "a.png"].map(layerKind)).toEqual([
      "raster",
      "polygons",
      "table",
      undefined,
    ]);
    await expect(finish(inspectLayer([madeFile("x.tif", "no tiff at all")]))).rejects.toThrow(
      /x.tif is no TIFF/,
    );
    await expect(finish(inspectLayer([]))).rejects.toThrow(/no file was given/);
    await expect(finish(inspectLayer([madeFile("x.csv", "")]))).rejects.toThrow(/empty/);
  });

  const esa = "readers/ESA_WorldCover_10m_2021_v200_N00E006_Map.tif";
  it.skipIf(!isThere(esa))("a real tile shows its legend (needs ../shared/data)", async () => {
    const file = await openReal(esa);
    const preview = await finish(inspectLayer([file]));
    expect(preview.preset?.id).toBe("esa-worldcover");
    expect(preview.columns[0]!.distinct).toContainEqual(
      expect.objectContaining({ value: "10", name: "Tree cover" }),
    );
    const cells = toTable(gridDisk(latLngToCell(0.2, 6.6, 8), 1));
    const trees = { ...preview.choice!, classes: ["trees"] };
    const truth = await finish(makeTruth([file], trees as typeof preview.choice & object, cells));
    expect(truth.scale).toBe("share");
    expect(truth.report.facts).toContainEqual({
      name: "classes counted",
      value: "Tree cover, Mangroves",
    });
    const wrong = finish(
      makeTruth([file], { kind: "raster", statistic: "share", classes: ["unicorns"] }, cells),
    );
    await expect(wrong).rejects.toThrow(/no class "unicorns": ESA WorldCover has built-up, trees/);
    const majority = await finish(
      makeTruth([file], { kind: "raster", statistic: "majority" }, cells),
    );
    expect(majority.classes).toContain("Tree cover");
  });

  it.skipIf(!isThere("nyc/population.tif"))(
    "people are summed and cut into deciles without a word (needs ../shared/data)",
    async () => {
      const preview = await finish(inspectLayer([await openReal("nyc/population.tif")]));
      expect(preview.choice).toEqual({ kind: "raster", statistic: "sum", deciles: true });
      expect(preview.system).toMatch(/EPSG:4326/);
    },
  );

  it.skipIf(!isThere("readers/corrupt.tif"))(
    "a damaged raster is refused at the first look (needs ../shared/data)",
    async () => {
      const look = finish(inspectLayer([await openReal("readers/corrupt.tif")]));
      await expect(look).rejects.toThrow(
        /^readers\/corrupt.tif is damaged or cut: its pixels in columns/,
      );
    },
  );

  it.skipIf(!isThere("readers/rotated.tif"))(
    "a raster without a coordinate system says so and takes one (needs ../shared/data)",
    async () => {
      const file = await openReal("readers/rotated.tif");
      const preview = await finish(inspectLayer([file]));
      expect(preview).toMatchObject({ extent: undefined, system: "not said by the file" });
      expect(preview.warnings[0]).toMatch(/name it/);
      const named = await finish(inspectLayer([file], {}, { crs: "EPSG:32633" }));
      expect(named.extent![0]).toBeGreaterThan(10);
    },
  );
});
