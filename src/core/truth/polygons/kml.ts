import { FootfallError } from "../../errors";
import type { Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { DEGREES } from "./crs";
import { addFeatures, type Feature } from "./geojson";
import type { PolygonLayer } from "./layer";

/** How a placemark is drawn says nothing of the place. */
const DRAWING = /^(styleUrl|styleHash|styleMapHash|stroke|fill|icon|label|visibility|@geometry)/;

/** A placemark with its data; the box of a picture laid on the ground is no place's border. */
const toPlain = ({ geometry, properties }: Feature): Feature => {
  const values = properties as Readonly<Record<string, unknown>> | null | undefined;
  if (values?.["@geometry-type"] === "groundoverlay") return { geometry: null, properties: {} };
  const kept = Object.entries(properties ?? {}).filter(([name]) => !DRAWING.test(name));
  return { geometry, properties: Object.fromEntries(kept) };
};

/** Parses XML; the first error counts. Throws "bad-file". */
async function parseXml(text: string, path: string) {
  const { DOMParser, onErrorStopParsing } = await import("@xmldom/xmldom");
  try {
    const parser = new DOMParser({ onError: onErrorStopParsing });
    const parsed = parser.parseFromString(text, "text/xml");
    if (parsed.documentElement?.localName === "kml") return parsed;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new FootfallError("bad-file", `${path} is broken XML: ${why}`, { cause });
  }
  throw new FootfallError("bad-file", `${path} is XML but no KML`);
}

/** KML: its placemarks with their names and data. Throws "bad-file", "stopped". */
export async function* readKml(
  text: string,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const document = await parseXml(text, path);
  const { kml } = await import("@tmcw/togeojson");
  const { features } = kml(document);
  const builder = new LayerBuilder({ name: path, format: "KML", placement: DEGREES });
  yield* addFeatures(builder, features.map(toPlain), signal);
  return builder.build();
}
