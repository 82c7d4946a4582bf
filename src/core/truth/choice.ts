import { FootfallError } from "../errors";
import { LAND_COVER_IDS, type LandCoverId } from "./land-cover";
import type { PolygonChoice, RasterChoice, TableChoice, TruthChoice } from "./layer-types";
import type { ClassRule } from "./polygons/classes";
import type { TableKey } from "./tables";

type Authored = Readonly<Record<string, unknown>>;

const refuse = (name: string, value: unknown, expected: string): FootfallError =>
  new FootfallError("bad-input", `${name}: expected ${expected}, got ${JSON.stringify(value)}`);

function oneOf<const T extends string>(
  choice: Authored,
  name: string,
  words: readonly T[],
): T | undefined {
  const value = choice[name];
  const found = words.find((word) => word === value);
  if (found === undefined && value !== undefined) throw refuse(name, value, words.join(", "));
  return found;
}

function textOf(choice: Authored, name: string): string | undefined {
  const value = choice[name];
  if (value === undefined || typeof value === "string") return value;
  throw refuse(name, value, "a text");
}

function flagOf(choice: Authored, name: string): boolean | undefined {
  const value = choice[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw refuse(name, value, "true or false");
}

function listOf(choice: Authored, name: string): (string | number)[] | undefined {
  const value = choice[name];
  if (value === undefined) return undefined;
  const isList =
    Array.isArray(value) &&
    value.every((one) => typeof one === "string" || typeof one === "number");
  if (isList) return value;
  throw refuse(name, value, "a list of names or numbers");
}

function columnOf(choice: Authored): string {
  const column = textOf(choice, "column");
  if (column !== undefined && column !== "") return column;
  throw refuse("column", choice["column"], "the name of a column");
}

function toRaster(choice: Authored): RasterChoice {
  const { band } = choice;
  if (band !== undefined && !(Number.isInteger(band) && Number(band) >= 1))
    throw refuse("band", band, "a number from 1");
  return {
    kind: "raster",
    statistic: oneOf(choice, "statistic", ["mean", "sum", "share", "majority"]) ?? "mean",
    band: band as number | undefined,
    classes: listOf(choice, "classes"),
    preset: oneOf<LandCoverId | "none">(choice, "preset", [...LAND_COVER_IDS, "none"]),
    deciles: flagOf(choice, "deciles"),
    crs: textOf(choice, "crs"),
    detail: oneOf(choice, "detail", ["auto", "full"]),
  };
}

function toRule({ rule }: Authored): ClassRule | undefined {
  if (rule === undefined) return undefined;
  const { kind, classes } = (rule ?? {}) as Authored;
  if (kind === "value" || kind === "suffix") return { kind };
  if (kind === "table" && typeof classes === "object" && classes !== null)
    return { kind, classes: classes as Record<string, string> };
  throw refuse(
    "rule",
    rule,
    '{"kind": "value"}, {"kind": "suffix"} or {"kind": "table", "classes": {...}}',
  );
}

function toPolygons(choice: Authored): PolygonChoice {
  return {
    kind: "polygons",
    column: columnOf(choice),
    statistic: oneOf(choice, "statistic", ["class", "mean", "share"]) ?? "class",
    join: oneOf(choice, "join", ["centre", "area"]),
    rule: toRule(choice),
    classes: listOf(choice, "classes")?.map(String),
    deciles: flagOf(choice, "deciles"),
    layer: textOf(choice, "layer"),
    encoding: textOf(choice, "encoding"),
    crs: textOf(choice, "crs"),
  };
}

/** What says where the rows of a table lie, checked; undefined where nothing is written. Throws "bad-input". */
export function toTableKey({ key }: Authored): TableKey | undefined {
  if (key === undefined) return undefined;
  const { kind, column, lat, lng } = (key ?? {}) as Authored;
  if (kind === "cell" && typeof column === "string") return { kind, column };
  if (kind === "place" && typeof lat === "string" && typeof lng === "string")
    return { kind, lat, lng };
  throw refuse(
    "key",
    key,
    '{"kind": "cell", "column": name} or {"kind": "place", "lat": name, "lng": name}',
  );
}

function toTable(choice: Authored): TableChoice {
  return {
    kind: "table",
    column: columnOf(choice),
    key: toTableKey(choice),
    aggregation: oneOf(choice, "aggregation", ["mean", "sum", "majority"]),
    deciles: flagOf(choice, "deciles"),
  };
}

/** A choice as written in a notebook or on the command line, checked. Throws "bad-input" naming what is wrong. */
export function toTruthChoice(written: unknown): TruthChoice {
  const choice = (typeof written === "object" && written !== null ? written : {}) as Authored;
  const kind = oneOf(choice, "kind", ["raster", "polygons", "table"]);
  switch (kind) {
    case "raster":
      return toRaster(choice);
    case "polygons":
      return toPolygons(choice);
    case "table":
      return toTable(choice);
    case undefined:
      throw refuse("kind", choice["kind"], "raster, polygons or table");
  }
}
