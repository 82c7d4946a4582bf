/**
 * Makes public/data/basemap.json: land and borders of the world from Natural Earth's 1:10 m countries (the
 * `world-atlas` package), detailed where the shipped country and the sample data lie and coarse elsewhere.
 *
 *   npx esbuild scripts/make-basemap.ts --bundle --packages=external --platform=node --format=esm \
 *     --outfile=build/make-basemap.mjs && node build/make-basemap.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

type Point = [lng: number, lat: number];
type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

/** One unit of the file's integers, in degrees. */
const STEP_DEG = 0.001;
/** Web Mercator ends near 85 degrees. */
const MAX_LAT = 85;
const OUT = "public/data/basemap.json";

/** Detail by place: the first box that holds a point decides; outside all of them, COARSE_DEG. */
const DETAIL: { west: number; south: number; east: number; north: number; deg: number }[] = [
  { west: 122, south: 23, east: 149, north: 46, deg: 0.001 }, // Japan
  { west: 115, south: 38, east: 119, north: 41, deg: 0.006 }, // Beijing
  { west: -75, south: 40, east: -73, north: 41.5, deg: 0.006 }, // New York
  { west: 100, south: 18, east: 155, north: 56, deg: 0.05 }, // East Asia
];
const COARSE_DEG = 0.25;

function detailDeg([lng, lat]: Point): number {
  const box = DETAIL.find(
    ({ west, south, east, north }) => lng >= west && lng <= east && lat >= south && lat <= north,
  );
  return box?.deg ?? COARSE_DEG;
}

function triangleArea(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
}

/** Visvalingam and Whyatt (1993), with a threshold that depends on the place; the ends of a line stay. */
function simplify(line: Point[]): Point[] {
  const kept = [...line];
  for (;;) {
    let least = Infinity;
    let at = -1;
    for (let i = 1; i < kept.length - 1; i++) {
      const [before, here, after] = [kept[i - 1]!, kept[i]!, kept[i + 1]!];
      const weight = triangleArea(before, here, after) / detailDeg(here) ** 2;
      if (weight < least) [least, at] = [weight, i];
    }
    if (at < 0 || least >= 0.5) return kept;
    kept.splice(at, 1);
  }
}

/** The atlas with plain, simplified arcs: neighbours share arcs, so they still fit together. */
function readAtlas(): Atlas {
  const path = createRequire(import.meta.url).resolve("world-atlas/countries-10m.json");
  const { transform, arcs, ...rest } = JSON.parse(readFileSync(path, "utf8")) as Atlas;
  const [kx, ky] = transform?.scale ?? [1, 1];
  const [dx, dy] = transform?.translate ?? [0, 0];
  const plain = arcs.map((arc) => {
    let [x, y] = [0, 0];
    return simplify(
      arc.map(([moveX = 0, moveY = 0]): Point => {
        [x, y] = [x + moveX, y + moveY];
        return [x * kx + dx, y * ky + dy];
      }),
    );
  });
  return { ...rest, arcs: plain };
}

/** Differences of rounded coordinates, flat: x0, y0, dx1, dy1, ... Repeated points are left out. */
function encode(line: Point[]): number[] {
  const flat: number[] = [];
  let [lastX, lastY] = [0, 0];
  for (const [lng, lat] of line) {
    const x = Math.round(lng / STEP_DEG);
    const y = Math.round(Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) / STEP_DEG);
    if (flat.length > 0 && x === lastX && y === lastY) continue;
    flat.push(x - lastX, y - lastY);
    [lastX, lastY] = [x, y];
  }
  return flat;
}

function ringArea(ring: Point[]): number {
  let sum = 0;
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum) / 2;
}

/** Islets and ponds smaller than the local detail vanish. */
function isVisible(ring: Point[]): boolean {
  return ring.length >= 4 && ringArea(ring) > detailDeg(ring[0]!) ** 2;
}

const atlas = readAtlas();
const land = feature(atlas, atlas.objects.land).features.flatMap(({ geometry }) =>
  geometry.type === "MultiPolygon"
    ? geometry.coordinates
    : geometry.type === "Polygon"
      ? [geometry.coordinates]
      : [],
) as Point[][][];
const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b).coordinates as Point[][];
const basemap = {
  source: "Natural Earth 1:10 m (public domain), simplified",
  stepDeg: STEP_DEG,
  land: land
    .filter(([outer]) => isVisible(outer!))
    .map((rings) => rings.filter(isVisible).map(encode)),
  borders: borders.map(encode).filter((line) => line.length >= 4),
};
const text = JSON.stringify(basemap);
writeFileSync(OUT, text);
console.log(`${OUT}: ${(text.length / 1024).toFixed(0)} KB, ${basemap.land.length} polygons`);
