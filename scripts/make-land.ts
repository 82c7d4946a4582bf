/**
 * Makes public/data/land-r8.bin: the H3 cells of resolution 8 whose centre lies in Natural Earth's "Japan"
 * (1:10 m, from the `world-atlas` package), as one bitmap of children per parent of resolution 5.
 *
 *   npx esbuild scripts/make-land.ts --bundle --packages=external --platform=node --format=esm \
 *     --outfile=build/make-land.mjs && node build/make-land.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cellToLatLng, polygonToCells } from "h3-js";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { encodeLand } from "../src/core/world/land";

/** Natural Earth counts the Izu and Ogasawara islands to Japan; they are far away and nearly empty. */
const SOUTH_EDGE_OF_IZU_LAT = 32.3;
const WEST_EDGE_OF_IZU_LNG = 138;
const OUT = "public/data/land-r8.bin";

function readJapan(): number[][][][] {
  const path = createRequire(import.meta.url).resolve("world-atlas/countries-10m.json");
  const atlas = JSON.parse(readFileSync(path, "utf8")) as Topology<{
    countries: GeometryCollection<{ name: string }>;
  }>;
  const countries = feature(atlas, atlas.objects.countries);
  const japan = countries.features.find((country) => country.properties.name === "Japan");
  if (japan?.geometry.type !== "MultiPolygon") throw new Error("no Japan in world-atlas");
  return japan.geometry.coordinates;
}

function isKept(hash: string): boolean {
  const [lat, lng] = cellToLatLng(hash);
  return lat >= SOUTH_EDGE_OF_IZU_LAT || lng < WEST_EDGE_OF_IZU_LNG;
}

const cells = new Set<string>();
let dropped = 0;
for (const polygon of readJapan()) {
  try {
    for (const hash of polygonToCells(polygon, 8, true)) if (isKept(hash)) cells.add(hash);
  } catch {
    dropped++; // h3-js fails with code 1 on islands of a few metres
  }
}
const bytes = encodeLand(cells);
writeFileSync(OUT, bytes);
console.log(`${cells.size} cells, ${bytes.length} bytes in ${OUT}; ${dropped} islands dropped`);
