import { readFileSync } from "node:fs";
import proj4 from "proj4";
import { describe, expect, it } from "vitest";
import { namedSystem, toCoordinateSystem } from "./coordinate-system";
import { epsgToProj4 } from "./epsg";

interface Reference {
  systems: { code: number; places: { lat: number; lng: number; xy: [number, number] }[] }[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/coordinates.json", import.meta.url), "utf8"),
) as Reference;

/** Shifts between old datums are published with a metre or more of doubt; PROJ may choose another one. */
const TOLERANCE_M = 2;

describe("epsgToProj4", () => {
  it.each(reference.systems)("puts places of $code where PROJ does", ({ code, places }) => {
    const definition = epsgToProj4(code)!;
    for (const { lat, lng, xy } of places) {
      const found = proj4("+proj=longlat +datum=WGS84 +no_defs", definition).forward([lng, lat]);
      expect(Math.hypot(found[0]! - xy[0], found[1]! - xy[1])).toBeLessThan(TOLERANCE_M);
    }
  });
});

describe("toCoordinateSystem", () => {
  it("knows zones and plane systems", () => {
    expect(epsgToProj4(32654)).toMatch("+proj=utm +zone=54 +datum=WGS84");
    expect(epsgToProj4(6689)).toMatch("+zone=52");
    expect(epsgToProj4(6677)).toMatch("+lat_0=36 +lon_0=139.8333");
    expect(epsgToProj4(1)).toBeUndefined();
  });

  it("turns a false easting in feet into metres", () => {
    const keys = { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32767, ProjCoordTransGeoKey: 1 };
    const feet = { ...keys, ProjLinearUnitsGeoKey: 9002, ProjFalseEastingGeoKey: 1000 };
    expect(toCoordinateSystem(feet).proj4).toMatch("+x_0=304.8");
  });

  it("gives advice for what it does not know", () => {
    const keys = { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 9999 };
    expect(() => toCoordinateSystem(keys)).toThrow(/EPSG:9999.*gdalwarp/);
    expect(() => toCoordinateSystem(null)).toThrow(/does not say/);
  });
});

describe("namedSystem", () => {
  it("takes codes, proj4 text and WKT", () => {
    expect(namedSystem("EPSG:4326").isGeographic).toBe(true);
    expect(namedSystem("3035")).toMatchObject({ isGeographic: false, words: "EPSG:3035" });
    expect(namedSystem("+proj=utm +zone=54 +datum=WGS84").isGeographic).toBe(false);
    const wkt =
      'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]';
    expect(namedSystem(wkt).isGeographic).toBe(true);
  });

  it.each(["EPSG:1", "Tokyo", "", "+proj=nowhere"])("refuses %j in one sentence", (text) => {
    expect(() => namedSystem(text)).toThrow(/is no coordinate system that is known here/);
  });
});
