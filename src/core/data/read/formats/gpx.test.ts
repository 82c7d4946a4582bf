import { existsSync, openAsBlob } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpx } from "./gpx";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const text = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">
  <metadata><time>1999-01-01T00:00:00Z</time></metadata>
  <wpt lat="35.1" lon="136.9"><ele>3</ele><time>2020-05-01T08:00:00Z</time><name>a &lt; b</name></wpt>
  <wpt lat="35.2" lon="136.8"/>
  <trk><name>morning</name><trkseg>
    <trkpt lat="35.15" lon='136.95'><time>2020-05-01T09:00:00.500+09:00</time>
      <extensions><x:point xmlns:x="u"><time>2001-01-01T00:00:00Z</time></x:point></extensions></trkpt>
    <trkpt lon="136.96" lat="35.16"><time>2020-05-01T00:10:00</time></trkpt>
  </trkseg><trkseg><trkpt lat="x" lon="1"><time>2020-05-01T00:20:00Z</time></trkpt></trkseg></trk>
  <rte><rtept lat="35.3" lon="136.7"></rtept></rte>
</gpx>
`;

const TREK = new URL("../../../../../../shared/data/readers/trek.gpx", import.meta.url);

describe("gpx", () => {
  it("reads points of tracks and waypoints with their times, offsets and lines", async () => {
    const { points, lines, rejected, facts } = await readFile(gpx, asFile("drop/anna.gpx", text));
    expect(points).toEqual([
      ["drop/anna", Date.UTC(2020, 4, 1, 8), 35.1, 136.9],
      ["drop/anna", Date.UTC(2020, 4, 1, 0, 0, 0, 500), 35.15, 136.95],
      ["drop/anna", Date.UTC(2020, 4, 1, 0, 10), 35.16, 136.96],
      ["drop/anna", Date.UTC(2020, 4, 1, 0, 20), NaN, 1],
    ]);
    expect(lines).toEqual([4, 7, 9, 10]);
    expect(rejected).toEqual([
      ["a waypoint without a time", 5],
      ["a route point without a time", 11],
    ]);
    expect(facts).toMatchObject({ format: "gpx", rows: 6 });
  });

  it("takes the folder as the user, and a zone for times that tell none, where told so", async () => {
    const options = { userFrom: "folder", zone: "Asia/Tokyo" } as const;
    const { points, offsets } = await readFile(gpx, asFile("drop/anna/1.gpx", text), options);
    expect(points[0]![0]).toBe("drop/anna");
    expect(points[2]![1]).toBe(Date.UTC(2020, 3, 30, 15, 10));
    expect(offsets).toEqual(new Set([undefined, 540]));
  });

  it("previews the first points and says that nobody is named", async () => {
    const preview = await gpx.preview(asFile("anna.gpx", text), {});
    expect(preview.points).toHaveLength(4);
    expect(preview.warnings[0]).toMatch(/names no person/);
    expect(preview.warnings[1]).toMatch(/1 x a waypoint without a time/);
  });

  it("is known by its first element", () => {
    const matches = (content: string) => gpx.matches("a", new TextEncoder().encode(content));
    expect(matches(text)).toBe(true);
    expect(matches("<kml><a/></kml>")).toBe(false);
  });

  it("refuses what is no GPX, and reports a file that ends in the middle", async () => {
    await expect(readFile(gpx, asFile("a.gpx", "<html></html>"))).rejects.toThrow(
      /no <gpx> element/,
    );
    const cut = await readFile(gpx, asFile("a.gpx", text.slice(0, text.indexOf("<rte>"))));
    expect(cut.points).toHaveLength(4);
    expect(cut.rejected.at(-1)).toEqual(["the file ends in the middle", 11]);
  });

  it("reads what was written, is honest about cuts, survives any bytes", async () => {
    const row = fc.tuple(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const written = rows.map(
          ([time, lat, lng]) =>
            `<trkpt lat="${lat}" lon="${lng}"><time>${time.toISOString()}</time></trkpt>\n`,
        );
        const content = `<gpx><trk><trkseg>${written.join("")}</trkseg></trk></gpx>`;
        const { points, rejected } = await readFile(gpx, asFile("u.gpx", content));
        expect(points).toEqual(
          rows.map(([time, lat, lng]) => ["u", time.getTime(), lat + 0, lng + 0]),
        );
        expect(rejected).toEqual([]);
      }),
    );
    await expectCutsAreHonest(gpx, "a.gpx", text);
    await expectBytesAreSurvived(gpx, "a.gpx", text);
  });
});

describe.skipIf(!existsSync(TREK))("trek.gpx (../shared/data)", () => {
  it("is a route without times: every point is reported, none is made up", async () => {
    const file = { path: "trek.gpx", blob: await openAsBlob(TREK) };
    const { points, rejected } = await readFile(gpx, file);
    expect(points).toEqual([]);
    // grep -o '<rtept' trek.gpx | wc -l
    expect(rejected.filter(([why]) => why === "a route point without a time")).toHaveLength(120);
  });
});
