import { existsSync, openAsBlob } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kml } from "./kml";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const text = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>
<Placemark><name>run</name><gx:Track>
  <when>2020-05-01T00:00:00Z</when>
  <when>2020-05-01T00:01:00Z</when>
  <when>2020-05-01T00:02:00Z</when>
  <gx:coord>136.9 35.1 10</gx:coord>
  <gx:coord>136.91 35.11 11</gx:coord>
</gx:Track></Placemark>
<Placemark><Point><coordinates> 136.8,35.2,0 </coordinates></Point>
  <TimeStamp><when>2020-05-01T09:00:00+09:00</when></TimeStamp></Placemark>
<Placemark><LookAt><gx:TimeStamp><when>1999-01-01</when></gx:TimeStamp></LookAt>
  <TimeSpan><begin>2020-05-02T00:00:00Z</begin><end>2020-05-02T01:00:00Z</end></TimeSpan>
  <Point><coordinates>136.7,35.3</coordinates></Point></Placemark>
<Placemark><TimeSpan><begin>2020-05-03T00:00:00Z</begin><end>2020-05-03T01:00:00Z</end></TimeSpan>
  <LineString><coordinates>1,2 3,4
  5,6</coordinates></LineString></Placemark>
<Placemark><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>
<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>
<Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4 5,6 1,2</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
</Document></kml>
`;

const SAMPLES = new URL("../../../../../../shared/data/readers/KML_Samples.kml", import.meta.url);
const minute = (day: number, minute: number) => Date.UTC(2020, 4, day, 0, minute);

describe("kml", () => {
  it("reads tracks, points with a time or a span, and the ends of a line with a span", async () => {
    const { points, offsets, rejected } = await readFile(kml, asFile("a.kml", text));
    expect(points).toEqual([
      ["a", minute(1, 0), 35.1, 136.9],
      ["a", minute(1, 1), 35.11, 136.91],
      ["a", minute(1, 0), 35.2, 136.8],
      ["a", minute(2, 0), 35.3, 136.7],
      ["a", minute(2, 60), 35.3, 136.7],
      ["a", minute(3, 0), 2, 1],
      ["a", minute(3, 60), 6, 5],
    ]);
    expect(offsets).toEqual(new Set([undefined, 540]));
    expect(rejected.map(([reason]) => reason)).toEqual([
      "a time of a gx:Track without a place",
      "a vertex of a LineString between its two times",
      "a LineString without times: nothing says when its points were passed",
      "a Placemark point without a time",
      "an area, which is no location",
    ]);
    expect(rejected[2]![1]).toBe(18);
  });

  it("is known by its first element and refuses what has none", async () => {
    expect(kml.matches("a", new TextEncoder().encode(text))).toBe(true);
    await expect(readFile(kml, asFile("a.kml", "<gpx/>"))).rejects.toThrow(/no <kml> element/);
  });

  it("reads what was written, is honest about cuts, survives any bytes", async () => {
    const row = fc.tuple(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const whens = rows.map(([time]) => `<when>${time.toISOString()}</when>`).join("\n");
        const coords = rows.map(([, lat, lng]) => `<gx:coord>${lng} ${lat} 0</gx:coord>`).join("");
        const content = `<kml><Placemark><gx:Track>${whens}${coords}</gx:Track></Placemark></kml>`;
        const { points, rejected } = await readFile(kml, asFile("u.kml", content));
        expect(points).toEqual(
          rows.map(([time, lat, lng]) => ["u", time.getTime(), lat + 0, lng + 0]),
        );
        expect(rejected).toEqual([]);
      }),
    );
    await expectCutsAreHonest(kml, "a.kml", text);
    await expectBytesAreSurvived(kml, "a.kml", text);
  });
});

describe.skipIf(!existsSync(SAMPLES))("KML_Samples.kml (../shared/data)", () => {
  it("has no times: its points, lines and areas are reported, none is made up", async () => {
    const file = { path: "KML_Samples.kml", blob: await openAsBlob(SAMPLES) };
    const { points, rejected } = await readFile(kml, file);
    const count = (start: string) => rejected.filter(([why]) => why.startsWith(start)).length;
    expect(points).toEqual([]);
    // grep -o '<Point>' KML_Samples.kml | wc -l, and so on for <LineString> and <LinearRing>
    expect([count("a Placemark point"), count("a LineString"), count("an area")]).toEqual([
      4, 6, 10,
    ]);
  });
});
