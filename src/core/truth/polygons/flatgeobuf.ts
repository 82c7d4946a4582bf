import { FootfallError } from "../../errors";
import { createPace, type Progress } from "../../pace";
import type { SourceFile } from "../../data/source";
import { LayerBuilder } from "./build";
import { placeByCode, placeByName, placeByWkt, type Placement } from "./crs";
import { fromGeoJson } from "./geometry";
import type { PolygonLayer, PolygonOptions } from "./layer";

/** What the header of the file says. */
interface Header {
  featuresCount: number;
  crs: { code: number; wkt: string | null; name: string | null } | null;
}

function findPlacement({ crs }: Header, path: string, named: string | undefined): Placement {
  if (named !== undefined) return placeByName(named);
  if (crs?.wkt) return placeByWkt(crs.wkt, path);
  if (crs?.code) return placeByCode(crs.code, path);
  return {
    words: "not said",
    warning: "the file does not say its coordinate system: taken as degrees (WGS 84)",
  };
}

const broken = (path: string, cause: unknown): FootfallError => {
  if (cause instanceof FootfallError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${path} is a broken FlatGeobuf: ${why}`, { cause });
};

/** FlatGeobuf, all features. Throws "bad-file", also where the file was cut, "stopped". */
export async function* readFlatGeobuf(
  { path, blob }: SourceFile,
  { system }: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const { deserialize } = await import("flatgeobuf/lib/mjs/geojson.js");
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pace = createPace(signal);
  let total = 0;
  let builder: LayerBuilder | undefined;
  const headerMetaFn = (header: Header): void => {
    total = header.featuresCount;
    const placement = findPlacement(header, path, system);
    builder = new LayerBuilder({ name: path, format: "FlatGeobuf", placement });
  };
  try {
    for await (const { geometry, properties } of deserialize(bytes, { headerMetaFn })) {
      builder!.add(fromGeoJson(geometry), properties ?? {});
      if (!pace.due()) continue;
      await pace.rest();
      yield { phase: "read the polygons", done: builder!.read, total, unit: "features" };
    }
  } catch (thrown) {
    throw broken(path, thrown);
  }
  if (builder === undefined || builder.read < total) {
    const read = builder?.read ?? 0;
    throw broken(path, new Error(`it was cut, ${read} of ${total} features are there`));
  }
  return builder.build();
}
