import { existsSync, openAsBlob } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandArchives } from "../../archive/archive";
import { geoLife } from "./geolife";
import { asFile, expectBytesAreSurvived, expectCutsAreHonest, readFile } from "./reading.testing";

const HEADER =
  "Geolife trajectory\r\nWGS 84\r\nAltitude is in Feet\r\nReserved 3\r\n0,2,255,My Track,0,0,2,8421376\r\n0\r\n";
const PATH = "Geolife Trajectories 1.3/Data/010/Trajectory/20081023025304.plt";
const text =
  HEADER +
  "39.984702,116.318417,0,492,39744.1201851852,2008-10-23,02:53:04\r\n" +
  "39.984683,116.31845,0,-777,39744.1202546296,2008-10-23,02:53:10\r\n";
const LABELS =
  "Start Time\tEnd Time\tTransportation Mode\r\n2007/06/26 11:32:29\t2007/06/26 11:40:29\tbus\r\n";
const LABELS_PATH = "Geolife Trajectories 1.3/Data/010/labels.txt";

/** Microsoft's 24 users in the shared data; it is no part of the project. */
const SAMPLE = new URL("../../../../../../shared/data/geolife/Geolife-sample.zip", import.meta.url);

describe("geolife", () => {
  it("reads latitude, longitude and GMT behind six header lines; the user is the folder", async () => {
    const { points, lines, offsets, facts } = await readFile(geoLife, asFile(PATH, text));
    expect(points).toEqual([
      ["010", Date.UTC(2008, 9, 23, 2, 53, 4), 39.984702, 116.318417],
      ["010", Date.UTC(2008, 9, 23, 2, 53, 10), 39.984683, 116.31845],
    ]);
    expect(lines).toEqual([7, 8]);
    expect([...offsets]).toEqual([undefined]);
    expect(facts).toMatchObject({ format: "geolife", rows: 2 });
  });

  it("keeps the labels of means of transport", async () => {
    const { labels, points } = await readFile(geoLife, asFile(LABELS_PATH, LABELS));
    const from = Date.UTC(2007, 5, 26, 11, 32, 29);
    expect(labels).toEqual([["010", from, from + 8 * 60_000, "bus"]]);
    expect(points).toEqual([]);
  });

  it("is known by its first line, whatever the name", () => {
    const encode = (content: string) => new TextEncoder().encode(content);
    expect(geoLife.matches("a.txt", encode(text))).toBe(true);
    expect(geoLife.matches("a.txt", encode(LABELS))).toBe(true);
    expect(geoLife.matches("a.plt", encode("OziExplorer Track Point File Version 2.1"))).toBe(
      false,
    );
  });

  it("previews points, rows and zone", async () => {
    const preview = await geoLife.preview(asFile(PATH, text), {});
    expect(preview).toMatchObject({ zone: { value: "UTC" }, looksSwapped: false, warnings: [] });
    expect(preview.points[1]).toMatchObject({ user: "010", lat: 39.984683 });
    expect(preview.rows).toHaveLength(2);
    const swapped = await geoLife.preview(asFile(PATH, text), { swapped: true });
    expect(swapped.looksSwapped).toBe(true);
    expect(swapped.warnings[0]).toMatch(/look swapped/);
    await expect(geoLife.preview(asFile(PATH, ""), {})).rejects.toThrow(/is empty/);
  });

  it("reads what was written", async () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.double({ min: -90, max: 90, noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -180, max: 180, noNaN: true, noDefaultInfinity: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const lines = rows.map(([seconds, lat, lng]) => {
          const iso = new Date(seconds * 1000).toISOString();
          return `${lat},${lng},0,-777,0,${iso.slice(0, 10)},${iso.slice(11, 19)}\n`;
        });
        const { points } = await readFile(geoLife, asFile(PATH, HEADER + lines.join("")));
        const expected = rows.map(([seconds, lat, lng]) => [
          "010",
          seconds * 1000,
          lat + 0,
          lng + 0,
        ]);
        expect(points).toEqual(expected);
      }),
    );
  });

  it("is honest about cuts and survives any bytes", async () => {
    await expectCutsAreHonest(geoLife, PATH, text);
    await expectCutsAreHonest(geoLife, LABELS_PATH, LABELS);
    await expectBytesAreSurvived(geoLife, PATH, text);
    await expectBytesAreSurvived(geoLife, LABELS_PATH, LABELS);
  });
});

describe.skipIf(!existsSync(SAMPLE))("GeoLife's zip as downloaded (../shared/data)", () => {
  it("gives as many points, users and labels as awk counts", async () => {
    // unzip -q Geolife-sample.zip; cd "Geolife Trajectories 1.3/Data"
    // find . -name '*.plt' | xargs awk 'FNR>6' | wc -l         427770
    // find . -name '*.plt' | xargs awk -F, 'FNR>6 {a+=$1; b+=$2} END {printf "%.6f %.6f", a, b}'
    // find . -name labels.txt | xargs awk 'FNR>1' | wc -l      1019
    const zip = { path: "Geolife-sample.zip", blob: await openAsBlob(SAMPLE) };
    let [files, points, labels, lat, lng] = [0, 0, 0, 0, 0];
    const users = new Set<string>();
    for await (const file of expandArchives([zip])) {
      const reading = await readFile(geoLife, file);
      files++;
      points += reading.points.length;
      labels += reading.labels.length;
      expect(reading.rejected).toEqual([]);
      for (const point of reading.points) {
        users.add(point[0]);
        lat += point[2];
        lng += point[3];
      }
    }
    expect({ files, points, labels, users: users.size }).toEqual({
      files: 838,
      points: 427_770,
      labels: 1019,
      users: 24,
    });
    expect(lat).toBeCloseTo(16_826_401.80283, 3);
    expect(lng).toBeCloseTo(49_601_692.261485, 3);
  });
});
