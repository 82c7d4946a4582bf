import { FootfallError } from "../../errors";
import { nameOfBinary } from "./encoding";
import { arrow } from "./formats/arrow";
import { cabspotting } from "./formats/cabspotting";
import { brightkite, gowalla, tsmc2014, weeplaces } from "./formats/check-in-sets";
import { csv } from "./formats/csv";
import { geoJson } from "./formats/geojson";
import { geoLife } from "./formats/geolife";
import { gpx } from "./formats/gpx";
import { humanMobility } from "./formats/human-mobility";
import { kml } from "./formats/kml";
import { ndjson } from "./formats/ndjson";
import { parquet } from "./formats/parquet";
import { porto } from "./formats/porto";
import { rawArrays } from "./formats/raw-arrays";
import { tDrive } from "./formats/t-drive";
import type { PointFormat } from "./source";

/** Every kind of file with locations; the first one that takes a file has it, so presets come first. */
export const POINT_FORMATS: readonly PointFormat[] = [
  parquet,
  arrow,
  geoLife,
  porto,
  tDrive,
  cabspotting,
  humanMobility,
  tsmc2014,
  gowalla,
  brightkite,
  weeplaces,
  gpx,
  kml,
  geoJson,
  rawArrays,
  ndjson,
  csv,
];

/** The format of a file by its first bytes and its name, or the chosen one. Throws "bad-file", "bad-input". */
export function findFormat(path: string, head: Uint8Array, chosen?: string): PointFormat {
  const found = POINT_FORMATS.find(({ id, matches }) =>
    chosen === undefined ? matches(path, head) : id === chosen,
  );
  if (found) return found;
  if (chosen !== undefined) {
    const ids = POINT_FORMATS.map(({ id }) => id).join(", ");
    throw new FootfallError("bad-input", `no format is called "${chosen}"; expected one of ${ids}`);
  }
  if (head.length === 0) throw new FootfallError("bad-file", `${path} is empty`);
  const what = nameOfBinary(head) ?? "of no kind that is known here";
  throw new FootfallError(
    "bad-file",
    `${path} is ${what}; expected a table (CSV, TSV, JSON, Parquet, Arrow) or tracks (GPX, KML, GeoJSON)`,
  );
}
