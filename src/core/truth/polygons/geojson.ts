import { FootfallError } from "../../errors";
import { createPace, type Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { DEGREES, placeByName, placeByUrn, type Placement } from "./crs";
import { fromGeoJson } from "./geometry";
import type { PolygonLayer, PolygonOptions } from "./layer";

export interface Feature {
  readonly id?: unknown;
  readonly geometry?: unknown;
  readonly properties?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Text as features line by line (GeoJSONL, GeoJSON sequences), or undefined where a line is no JSON. */
function parseLines(text: string): Json | undefined {
  const features: unknown[] = [];
  for (const line of text.replaceAll("\u001e", "\n").split("\n")) {
    if (line.trim() === "") continue;
    try {
      features.push(JSON.parse(line));
    } catch {
      return undefined;
    }
  }
  return features.length > 0 ? { type: "FeatureCollection", features } : undefined;
}

/** JSON of one document or of one feature a line. Throws "bad-file". */
export function parseJson(text: string, path: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    const lines = parseLines(text);
    if (lines !== undefined) return lines;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FootfallError("bad-file", `${path} is not whole JSON: ${why}`, { cause });
  }
  throw new FootfallError("bad-file", `${path} is JSON but no GeoJSON or TopoJSON`);
}

/** The system that GeoJSON of before 2016 may name; degrees otherwise. */
export function findPlacement(document: Json, path: string, named: string | undefined): Placement {
  if (named !== undefined) return placeByName(named);
  const properties = isObject(document["crs"]) ? document["crs"]["properties"] : undefined;
  const name = isObject(properties) ? properties["name"] : undefined;
  return typeof name === "string" ? placeByUrn(name, path) : DEGREES;
}

/** All features of a document, whatever it is. Throws "bad-file". */
function toFeatures(document: Json, path: string): readonly Feature[] {
  const { type, features } = document;
  if (type === "FeatureCollection" && Array.isArray(features)) return features as Feature[];
  if (type === "Feature") return [document];
  if (Array.isArray(document)) return document as Feature[];
  if (fromGeoJson(document).polygons.length > 0) return [{ geometry: document }];
  const what = typeof type === "string" ? `of the type "${type}"` : "without a type";
  throw new FootfallError(
    "bad-file",
    `${path} is JSON ${what}; expected a FeatureCollection of polygons or a Topology`,
  );
}

/** The properties, and the feature's own id where it is a name and they have none. */
function toProperties({ id, properties }: Feature): Json {
  const values = isObject(properties) ? properties : {};
  const isName = typeof id === "string" && !/^\d*$/.test(id) && !("id" in values);
  return isName ? { id, ...values } : values;
}

/** Adds features to a layer. Throws "stopped". */
export async function* addFeatures(
  builder: LayerBuilder,
  features: readonly Feature[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Progress, void, void> {
  const pace = createPace(signal);
  for (const [i, feature] of features.entries()) {
    builder.add(fromGeoJson(feature?.geometry), toProperties(feature ?? {}));
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "read the polygons", done: i + 1, total: features.length, unit: "features" };
  }
}

/** GeoJSON: a FeatureCollection, a Feature, a geometry, or features line by line. Throws "bad-file", "stopped". */
export async function* readGeoJson(
  document: Readonly<Record<string, unknown>>,
  path: string,
  { system }: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const placement = findPlacement(document, path, system);
  const builder = new LayerBuilder({ name: path, format: "GeoJSON", placement });
  yield* addFeatures(builder, toFeatures(document, path), signal);
  return builder.build();
}
