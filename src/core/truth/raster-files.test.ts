import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FootfallError } from "../errors";
import { finish } from "../pace";
import { inspectLayer } from "./layer";
import { openRaster } from "./raster";
import { madeFile } from "./truth.testing";

interface MadeFile {
  name: string;
  band: number;
  overviews: number;
  corners: [[lng: number, lat: number], [lng: number, lat: number]];
  values: (number | null)[];
  tiff: string;
}

const { files, size } = JSON.parse(
  readFileSync(new URL("../../../test/reference/raster-files.json", import.meta.url), "utf8"),
) as { files: MadeFile[]; size: number };

const bytesOf = ({ tiff }: Pick<MadeFile, "tiff">): ArrayBuffer =>
  Uint8Array.from(Buffer.from(tiff, "base64")).buffer;

/** Half a centimetre in degrees. */
const PLACE_TOLERANCE = 5e-8;

describe("GeoTIFFs as GDAL writes them", () => {
  it.each(files)("$name: the values and places that rasterio reads", async (file) => {
    const raster = await openRaster(bytesOf(file), { band: file.band });
    const window = { left: 0, top: 0, right: size, bottom: size };
    const values = Array.from(await raster.read(window), (value) =>
      Number.isNaN(value) || value === raster.noData ? null : value,
    );
    expect(values).toEqual(file.values);
    expect(raster.overviews.map(({ factor }) => factor)).toEqual([2, 4].slice(0, file.overviews));
    file.corners.forEach(([lng, lat], i) => {
      const found = raster.toPlace(i * size, i * size);
      expect(Math.abs(found[0] - lat)).toBeLessThan(PLACE_TOLERANCE);
      expect(Math.abs(found[1] - lng)).toBeLessThan(PLACE_TOLERANCE);
    });
  });
});

const SCALED = JSON.parse(
  readFileSync(new URL("../../../test/reference/raster-scaled.json", import.meta.url), "utf8"),
) as { size: number; bands: (number | null)[][]; tiff: string };

describe("stored numbers with a scale and an offset", () => {
  it.each([0, 1])("are the values that rasterio tells of band %i", async (band) => {
    const raster = await openRaster(bytesOf(SCALED), { band });
    const window = { left: 0, top: 0, right: SCALED.size, bottom: SCALED.size };
    const values = Array.from(await raster.read(window), (v) => (Number.isNaN(v) ? null : v));
    expect(values).toEqual(SCALED.bands[band]);
    expect(values.filter((value) => value === null)).toHaveLength(1);
  });
});

/** Either a preview, or one sentence. */
async function isPolite(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await finish(inspectLayer([madeFile(path, bytes)]));
  } catch (error) {
    expect(error).toBeInstanceOf(FootfallError);
    expect((error as FootfallError).message).toContain(path);
    expect((error as FootfallError).message).not.toContain("\n");
  }
}

describe("damaged layers", () => {
  const whole = new Uint8Array(bytesOf(files[0]!));

  it("end in a preview or in one sentence, wherever a raster is cut", async () => {
    for (let length = 0; length < whole.length; length += 7)
      await isPolite("cut.tif", whole.slice(0, length));
  });

  it("do so whichever of a raster's bytes are wrong", async () => {
    const wrong = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(wrong, async (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        await isPolite("wrong.tif", bytes);
      }),
      { numRuns: 150 },
    );
  });

  it("do not hang where a directory points back to itself", async () => {
    const view = new DataView(whole.slice().buffer);
    const directory = view.getUint32(4, true);
    const next = directory + 2 + 12 * view.getUint16(directory, true);
    view.setUint32(next, directory, true);
    const raster = await openRaster(view.buffer);
    expect(raster.overviews).toEqual([]);
  });

  it("do so for any bytes under any name", async () => {
    const path = fc.constantFrom("x.tif", "x.csv", "x.parquet", "x.geojson", "x.zip", "x");
    await fc.assert(
      fc.asyncProperty(path, fc.uint8Array({ maxLength: 300 }), async (name, bytes) => {
        await isPolite(name, Uint8Array.from(bytes));
      }),
      { numRuns: 200 },
    );
  });
});
