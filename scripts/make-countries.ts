/**
 * Makes public/data/countries.json: the outlines of the countries whose holidays are known, from Natural
 * Earth's 1:50 m countries (the `world-atlas` package), rounded to about 2 km. An import guesses from it in
 * which country the points lie.
 *
 *   npx esbuild scripts/make-countries.ts --bundle --packages=external --platform=node --format=esm \
 *     --outfile=build/make-countries.mjs && node build/make-countries.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import Holidays from "date-holidays";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

/** One unit of the file's integers, in degrees. */
const STEP_DEG = 0.02;
const OUT = "public/data/countries.json";

/** Differences of rounded coordinates, flat: x0, y0, dx1, dy1, ... Repeated points are left out. */
function encode(ring: number[][]): number[] {
  const flat: number[] = [];
  let [lastX, lastY] = [0, 0];
  for (const [lng = 0, lat = 0] of ring) {
    const [x, y] = [Math.round(lng / STEP_DEG), Math.round(lat / STEP_DEG)];
    if (flat.length > 0 && x === lastX && y === lastY) continue;
    flat.push(x - lastX, y - lastY);
    [lastX, lastY] = [x, y];
  }
  return flat;
}

/** "392" (ISO 3166, numeric) as "JP": Unicode keeps the list of equal codes. */
const toCode = (numeric: string): string =>
  Intl.getCanonicalLocales(`und-${numeric.padStart(3, "0")}`)[0]?.slice(4) ?? "";

const path = createRequire(import.meta.url).resolve("world-atlas/countries-50m.json");
const atlas = JSON.parse(readFileSync(path, "utf8")) as Topology<{ countries: GeometryCollection }>;
const known = new Holidays().getCountries("en");
const countries: Record<string, number[][]> = {};
for (const { id, geometry } of feature(atlas, atlas.objects.countries).features) {
  const code = id === undefined ? "" : toCode(String(id));
  if (!(code in known)) continue;
  const polygons =
    geometry.type === "Polygon"
      ? [geometry.coordinates]
      : geometry.type === "MultiPolygon"
        ? geometry.coordinates
        : [];
  const rings = polygons.flat().map(encode);
  (countries[code] ??= []).push(...rings.filter((ring) => ring.length >= 6));
}
const text = JSON.stringify({
  source: "Natural Earth 1:50 m (public domain), rounded",
  stepDeg: STEP_DEG,
  countries,
});
writeFileSync(OUT, text);
console.log(
  `${OUT}: ${(text.length / 1024).toFixed(0)} KB, ${Object.keys(countries).length} countries`,
);
