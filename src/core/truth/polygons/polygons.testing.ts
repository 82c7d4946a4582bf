import { existsSync, openAsBlob, readFileSync } from "node:fs";
import type { SourceFile } from "../../data/read/source";
import { CellTableBuilder, type CellTable } from "../../geo/cells";
import { finish } from "../../pace";
import type { PolygonLayer, PolygonOptions } from "./layer";
import { readPolygons } from "./read";

const ROOT = new URL("../../../../", import.meta.url);
const DATA = new URL("../shared/data/", ROOT);

/** Said instead of the tests where the real files are missing. */
export const hasData = existsSync(DATA);
export const dataTitle = hasData
  ? "on real files"
  : "on real files: skipped, ../shared/data is missing";

export const readSqlWasm = (): Promise<Uint8Array> =>
  Promise.resolve(readFileSync(new URL("node_modules/sql.js/dist/sql-wasm.wasm", ROOT)));

/** A JSON of test/reference. */
export const readReference = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`test/reference/${name}`, ROOT), "utf8")) as T;

/** A made-up file of test/reference/polygons. */
export const fixture = async (name: string): Promise<SourceFile> => ({
  path: name,
  blob: await openAsBlob(new URL(`test/reference/polygons/${name}`, ROOT)),
});

/** A file of ../shared/data. */
export const realFile = async (name: string): Promise<SourceFile> => ({
  path: name,
  blob: await openAsBlob(new URL(name, DATA)),
});

export const textFile = (path: string, text: string): SourceFile => ({
  path,
  blob: new Blob([text]),
});

export const readLayer = (file: SourceFile, options: PolygonOptions = {}): Promise<PolygonLayer> =>
  finish(readPolygons(file, { readSqlWasm, ...options }));

/** A feature collection as a file: rings as lists of [lng, lat]. */
export function featuresFile(
  features: { type?: string; coordinates: unknown; properties?: Record<string, unknown> }[],
): SourceFile {
  const text = JSON.stringify({
    type: "FeatureCollection",
    features: features.map(({ type = "Polygon", coordinates, properties = {} }) => ({
      type: "Feature",
      properties,
      geometry: { type, coordinates },
    })),
  });
  return textFile("made.geojson", text);
}

export function toTable(hashes: readonly string[]): CellTable {
  const builder = new CellTableBuilder();
  hashes.forEach((hash) => builder.add(hash));
  return builder.build();
}

/** Rings of a feature as lists of [lng, lat]. */
export function ringsOf({ shapes }: PolygonLayer, feature: number): number[][][] {
  const { coordinates, ringStart, polygonOf, featureOf } = shapes;
  return [...polygonOf.keys()]
    .filter((ring) => featureOf[polygonOf[ring]!] === feature)
    .map((ring) => {
      const corners = [];
      for (let i = ringStart[ring]!; i < ringStart[ring + 1]!; i++) {
        corners.push([coordinates[2 * i]!, coordinates[2 * i + 1]!]);
      }
      return corners;
    });
}
