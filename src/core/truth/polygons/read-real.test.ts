import { describe, expect, it } from "vitest";
import { dataTitle, hasData, readLayer, readReference, realFile } from "./polygons.testing";

describe.skipIf(!hasData)(`readPolygons ${dataTitle}`, () => {
  const areas = readReference<{
    areas: Record<string, { file: string; features: number; bounds: number[]; columns: string[] }>;
  }>("polygons.json").areas;

  it.each(Object.values(areas))("reads $file as GDAL does", async (expected) => {
    const { file, features, bounds, columns } = expected;
    const layer = await readLayer(await realFile(file));
    const leftOut = layer.warnings.map((text) => Number(/^\d+/.exec(text)?.[0] ?? 0));
    expect(layer.count + leftOut.reduce((a, b) => a + b, 0)).toBe(features);
    expect(layer.columns.map(({ name }) => name)).toEqual(columns);
    layer.bounds.forEach((degree, i) => expect(degree).toBeCloseTo(bounds[i]!, 6));
  });

  it.each([
    ["japan/prefectures.geojson", "GeoJSON", 47],
    ["readers/KML_Samples.kml", "KML", 9],
  ])("%s", async (file, format, count) => {
    expect(await readLayer(await realFile(file))).toMatchObject({ format, count });
  });

  it.each([
    ["beijing/osm-waterways.zip", /holds lines/],
    ["readers/rivers_small.gpkg", /holds lines/],
    ["readers/airports.geoparquet", /holds points/],
    ["readers/trek.gpx", /no layer of polygons/],
    ["geolife/Geolife-sample.zip", /holds no layer of polygons/],
  ])("%s is refused", async (file, message) => {
    await expect(readLayer(await realFile(file))).rejects.toThrow(message);
  });
});
