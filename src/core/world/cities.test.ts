import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import cityTable from "./cities.json";
import { planeKm } from "./plane";
import { PREFECTURES, REGIONS } from "./prefectures";
import { CITIES } from "./seats";

const FOLDER = "../shared/data/japan";
/** The boundaries in ../shared/data are heavily simplified, and a city's point may lie in its port. */
const NEAR_KM = 3;

type Ring = [lng: number, lat: number][];
interface Feature {
  properties: Record<"N03_001" | "N03_003" | "N03_004", string | null>;
  geometry:
    { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };
}

function readFeatures(name: string): Feature[] {
  const text = readFileSync(`${FOLDER}/${name}`, "utf8");
  return (JSON.parse(text) as { features: Feature[] }).features;
}

function outlines({ geometry }: Feature): Ring[] {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.map((rings) => rings[0]!);
}

function isInside([x, y]: [number, number], ring: Ring): boolean {
  let inside = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring.at(i - 1)!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

/** Distance from a point to the nearest edge of an outline, km. */
function edgeKm([x, y]: [number, number], ring: Ring): number {
  const kms = ring.map(([x1, y1], i) => {
    const [x2, y2] = ring.at(i - 1)!;
    const square = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const along = square === 0 ? 0 : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / square;
    const t = Math.min(1, Math.max(0, along));
    return planeKm(y, x, y1 + t * (y2 - y1), x1 + t * (x2 - x1));
  });
  return Math.min(...kms);
}

/** 0 inside any of the features. */
function awayKm(point: [number, number], features: readonly Feature[]): number {
  const rings = features.flatMap(outlines);
  if (rings.some((ring) => isInside(point, ring))) return 0;
  return Math.min(...rings.map((ring) => edgeKm(point, ring)));
}

describe("the city table", () => {
  it("says where it comes from and under which licence", () => {
    expect(cityTable.source).toContain("GeoNames");
    expect(cityTable.licence).toContain("CC BY 4.0");
  });

  it("has at least 232 cities, each once, and every prefecture's capital", () => {
    expect(CITIES.length).toBeGreaterThanOrEqual(232);
    expect(new Set(CITIES.map((city) => `${city.name} ${city.prefecture}`)).size).toBe(
      CITIES.length,
    );
    PREFECTURES.forEach((prefecture, code) => {
      const isCapital = (city: (typeof CITIES)[number]): boolean =>
        city.name === prefecture.capital && city.prefecture === code;
      expect(CITIES.some(isCapital), prefecture.capital).toBe(true);
    });
  });

  it("groups 47 prefectures into eight regions", () => {
    expect(PREFECTURES).toHaveLength(47);
    expect(new Set(PREFECTURES.map((prefecture) => prefecture.region)).size).toBe(REGIONS.length);
  });
});

describe.skipIf(!existsSync(FOLDER))(
  "the city table beside real boundaries (../shared/data)",
  () => {
    it("places each city in its prefecture", () => {
      const features = readFeatures("prefectures.geojson");
      const strays = CITIES.filter((city) => {
        const { kanji } = PREFECTURES[city.prefecture]!;
        const own = features.filter((feature) => feature.properties.N03_001 === kanji);
        return awayKm([city.lng, city.lat], own) > NEAR_KM;
      });
      expect(strays).toEqual([]);
    });

    it("places each capital in the municipality of its name", () => {
      const features = readFeatures("municipalities-s0001.geojson");
      PREFECTURES.forEach(({ kanji, capital, capitalKanji }, code) => {
        const city = CITIES.find(
          ({ name, prefecture }) => name === capital && prefecture === code,
        )!;
        const own = features.filter(
          ({ properties }) =>
            properties.N03_001 === kanji &&
            (properties.N03_003 === capitalKanji || properties.N03_004 === capitalKanji),
        );
        expect(own.length, capitalKanji).toBeGreaterThan(0);
        expect(awayKm([city.lng, city.lat], own), capital).toBeLessThanOrEqual(NEAR_KM);
      });
    });

    it("places every city in or beside a city, town or ward", () => {
      const features = readFeatures("municipalities-s0001.geojson");
      const boxes = features.map((feature) => {
        const points = outlines(feature).flat();
        const lngs = points.map(([x]) => x);
        const lats = points.map(([, y]) => y);
        const reach = 0.05;
        return {
          feature,
          west: Math.min(...lngs) - reach,
          east: Math.max(...lngs) + reach,
          south: Math.min(...lats) - reach,
          north: Math.max(...lats) + reach,
        };
      });
      const strays = CITIES.filter(({ lat, lng }) => {
        const near = boxes.filter(
          (b) => lng > b.west && lng < b.east && lat > b.south && lat < b.north,
        );
        const urban = near.filter(({ feature }) =>
          /[市区町]$/.test(feature.properties.N03_004 ?? ""),
        );
        return (
          awayKm(
            [lng, lat],
            urban.map((b) => b.feature),
          ) > NEAR_KM
        );
      });
      expect(strays.map((city) => city.name)).toEqual([]);
    });
  },
);
