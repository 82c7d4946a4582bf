import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CellTableBuilder } from "../geo/cells";
import { guessCountry, readOutlines } from "./countries";
import { locatePoints, type Points } from "../data/points";
import { runSlices } from "../data/slices";

const outlines = readOutlines(readFileSync("public/data/countries.json"));

/** So many points at each place. */
function guess(...places: [lat: number, lng: number, count: number][]) {
  const rows = places.flatMap(([lat, lng, count]) =>
    Array.from({ length: count }, () => [lat, lng] as const),
  );
  const points: Points = {
    users: ["a"],
    user: new Uint32Array(rows.length),
    timeMs: new Float64Array(rows.length),
    lat: Float64Array.from(rows, ([lat]) => lat),
    lng: Float64Array.from(rows, ([, lng]) => lng),
  };
  return guessCountry(outlines, runSlices(locatePoints(points, new CellTableBuilder(8))));
}

const TOKYO = [35.69, 139.7] as const;
const BEIJING = [39.9, 116.4] as const;

describe("guessCountry", () => {
  it.each([
    ["JP", ...TOKYO],
    ["JP", 43.06, 141.35], // Sapporo, another island
    ["CN", ...BEIJING],
    ["US", 40.75, -73.98],
    ["HK", 22.38, 114.12],
    ["SG", 1.35, 103.82],
    ["ZA", -26.2, 28.05],
    ["LS", -29.6, 28.2], // a hole in South Africa
    ["FJ", -17.8, 178],
  ] as const)("knows %s", (country, lat, lng) => {
    expect(guess([lat, lng, 5])).toEqual({ country, share: 1 });
  });

  it("says none where a tenth lies elsewhere, most lies at sea, or nothing is there", () => {
    expect(guess([...TOKYO, 95], [...BEIJING, 5])).toEqual({ country: "JP", share: 0.95 });
    expect(guess([...TOKYO, 80], [...BEIJING, 20])).toEqual({ country: undefined, share: 0.8 });
    expect(guess([...TOKYO, 40], [30, -40, 60])).toEqual({ country: undefined, share: 1 });
    expect(guess()).toEqual({ country: undefined, share: 0 });
  });

  it("samples evenly of more points than it looks at", () => {
    expect(guess([...TOKYO, 7000], [...BEIJING, 3000])).toEqual({ country: undefined, share: 0.7 });
  });
});
