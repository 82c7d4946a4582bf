import { FootfallError } from "../../errors";
import type { Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { addFeatures, findPlacement, type Feature } from "./geojson";
import type { PolygonLayer, PolygonOptions } from "./layer";
import { chooseLayer } from "./sublayer";

type Json = Readonly<Record<string, unknown>>;

/** In a topology the id is a code (of a country) and a column like any other. */
const withId = ({ id, geometry, properties }: Feature): Feature => ({
  geometry,
  properties: id === undefined ? properties : { id, ...(properties as Json) },
});

/** Features of one object of a topology. Throws "bad-file" where arcs are missing. */
async function unfold(document: Json, object: unknown, name: string): Promise<readonly Feature[]> {
  const { feature } = await import("topojson-client");
  try {
    const unfolded: unknown = feature(document as never, object as never);
    const { features } = unfolded as { features?: readonly Feature[] };
    return (features ?? [unfolded as Feature]).map(withId);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FootfallError("bad-file", `${name} is a broken TopoJSON: ${why}`, { cause });
  }
}

/** TopoJSON: one of its objects. Throws "bad-file", "bad-input" for a layer that it has not, "stopped". */
export async function* readTopoJson(
  document: Json,
  path: string,
  options: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const objects = Object.entries((document["objects"] ?? {}) as Json);
  const hasAreas = (object: unknown): boolean => /"(Multi)?Polygon"/.test(JSON.stringify(object));
  const layers = objects.map(([name, object]) => ({ name, hasAreas: hasAreas(object), object }));
  const { layer, name, warnings } = chooseLayer(layers, path, options.layer);
  const placement = findPlacement(document, path, options.system);
  const facts = { name, format: "TopoJSON", placement, warnings };
  const builder = new LayerBuilder({ ...facts, layers: objects.map(([key]) => key) });
  yield* addFeatures(builder, await unfold(document, layer.object, name), signal);
  return builder.build();
}
