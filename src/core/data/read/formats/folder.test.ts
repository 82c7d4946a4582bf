import { zipSync } from "fflate";
import { cellToLatLng, getPentagons, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { cellHash } from "../../../geo/cells";
import { finish } from "../../../pace";
import { importPoints, inspectFiles } from "../import-points";
import { writeNpy } from "../../columnar/npy";
import { PointCollector } from "../../point-collector";
import { asFile } from "./reading.testing";

const encode = (text: string) => new TextEncoder().encode(text);

const PLT = "Geolife trajectory\n2\n3\n4\n5\n6\n39.9,116.3,0,0,0,2008-10-23,02:53:04\n";
const LABELS =
  "Start Time\tEnd Time\tTransportation Mode\n2008/10/23 02:00:00\t2008/10/23 03:00:00\twalk\n";
const GPX =
  '<gpx><trk><trkseg><trkpt lat="35.1" lon="136.9"><time>2020-01-01T00:00:00Z</time></trkpt></trkseg></trk></gpx>';
const GEOJSON =
  '{"type":"Feature","properties":{"user":"g","time":1588291200},"geometry":{"type":"Point","coordinates":[136.9,35.1]}}';

/** One folder of everything, with a broken and an unknown file in it. */
function folder() {
  const kml =
    "<kml><Placemark><Point><coordinates>136.8,35.2</coordinates></Point><TimeStamp><when>2020-01-01</when></TimeStamp></Placemark></kml>";
  return [
    asFile(
      "drop/geolife.zip",
      zipSync({
        "Data/010/Trajectory/1.plt": encode(PLT),
        "Data/010/labels.txt": encode(LABELS),
        "Guide.pdf": encode("%PDF-1.4"),
        "inner.kmz": zipSync({ "doc.kml": encode(kml) }),
      }),
    ),
    asFile("drop/anna.gpx", GPX),
    asFile("drop/points.json", GEOJSON),
    asFile("drop/7.txt", "7,2008-02-02 15:36:08,116.5,39.9\n"),
    asFile("drop/new_ab.txt", "37.7 -122.4 0 1213084687\n"),
    asFile("drop/city.csv", "uid,d,t,x,y\n1,0,0,5,5\n"),
    asFile("drop/table.csv", "user,time,lat,lng\nu,2020-01-01,35,136\n"),
    asFile("drop/data_0.npy", writeNpy(Float32Array.of(0, 0), [1, 1, 2])),
    asFile("drop/uid_0.npy", writeNpy(Float64Array.of(3))),
    asFile("drop/cut.zip", "PK\u0003\u0004 and no more than that"),
  ];
}

describe("a dropped folder of many kinds", () => {
  it("gives each file a status: its format and rows, or its problem", async () => {
    const sink = new PointCollector({ anonymousSeed: undefined });
    const facts = await finish(importPoints(folder(), {}, sink));
    const statuses = facts.map(({ path, format, rows, problem }) => [path, format, rows, problem]);
    expect(statuses).toEqual([
      ["drop/geolife.zip/Data/010/Trajectory/1.plt", "geolife", 1, undefined],
      ["drop/geolife.zip/Data/010/labels.txt", "geolife", 1, undefined],
      ["drop/geolife.zip/Guide.pdf", "", 0, expect.stringMatching(/a PDF document/)],
      ["drop/geolife.zip/inner.kmz/doc.kml", "kml", 1, undefined],
      ["drop/anna.gpx", "gpx", 1, undefined],
      ["drop/points.json", "geojson", 1, undefined],
      ["drop/7.txt", "t-drive", 1, undefined],
      ["drop/new_ab.txt", "cabspotting", 1, undefined],
      ["drop/city.csv", "human-mobility", 1, undefined],
      ["drop/table.csv", "csv", 1, undefined],
      ["drop/cut.zip", "", 0, expect.stringMatching(/damaged or cut zip/)],
      ["drop/data_0.npy", "raw-arrays", 1, undefined],
    ]);
    const { points, labels } = await finish(sink.build());
    expect([...points.users].sort()).toEqual(
      ["010", "1", "3", "7", "ab", "drop/anna", "drop/geolife.zip/inner.kmz/doc", "g", "u"].sort(),
    );
    expect(labels.label).toEqual(["walk"]);
  });

  it("previews each of them with points for the map", async () => {
    const previews = await inspectFiles(folder());
    const points = previews.map(({ path, points }) => [path.split("/").at(-1), points.length]);
    const none = new Set(["labels.txt", "Guide.pdf", "cut.zip"]);
    for (const [name, count] of points)
      expect([name, count]).toEqual([name, none.has(name as string) ? 0 : 1]);
  });
});

describe("places at the edges of the globe", () => {
  it("come in with h3-js's cell, or are rejected with their line", async () => {
    const [pentagon] = getPentagons(8);
    const places: [lat: number, lng: number][] = [
      [90, 0],
      [-90, 12.5],
      [35, 180],
      [35, -180],
      [-16.8, 179.9999999],
      cellToLatLng(pentagon!),
      [0, 0],
      [0.00001, -0.00001],
      [90.001, 10],
      [10, -180.001],
      [NaN, 10],
    ];
    const points = places.map(
      ([lat, lng], i) =>
        `<trkpt lat="${lat}" lon="${lng}"><time>2020-01-01T00:${10 + i}:00Z</time></trkpt>`,
    );
    const text = `<gpx><trk><trkseg>\n${points.join("\n")}\n</trkseg></trk></gpx>`;
    const sink = new PointCollector({ anonymousSeed: undefined });
    await finish(importPoints([asFile("edges.gpx", text)], {}, sink));
    const found = await finish(sink.build());
    const { cells, cell } = found.points;
    const kept = places.slice(0, 6).map(([lat, lng]) => latLngToCell(lat, lng, 8));
    expect(Array.from(cell, (c) => cellHash(cells, c))).toEqual(kept);
    const lines = found.report.rejected.map(({ reason, firstLines }) => [reason, firstLines]);
    expect(lines).toEqual([
      ["coordinates 0, 0 (no fix)", [8, 9]],
      ["latitude outside -90 to 90", [10]],
      ["longitude outside -180 to 180", [11]],
      ["a coordinate that is not a number", [12]],
    ]);
  });
});
