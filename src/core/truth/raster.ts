import { GeoTIFF, type GeoTIFFImage } from "geotiff";
import proj4 from "proj4";
import { FootfallError } from "../errors";
import { toCoordinateSystem, type CoordinateSystem } from "./coordinate-system";

/** One band of an open GeoTIFF. Nothing to close: the source is read when a window is asked for. */
export interface Raster {
  readonly name: string;
  readonly width: number; // pixels
  readonly height: number;
  readonly system: CoordinateSystem;
  /** Pixels around the globe, for a geographic raster: columns may be shifted by it. Otherwise undefined. */
  readonly turn: number | undefined;
  /** Pixels that a read had better be a multiple of. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** A value that means "no data"; NaN always does. */
  readonly noData: number | undefined;
  /** Degrees to pixels, (0, 0) being the outer corner of the first pixel. Not finite where the projection ends. */
  toPixel(lat: number, lng: number): [x: number, y: number];
  /** Pixels to degrees. */
  toPlace(x: number, y: number): [lat: number, lng: number];
  /** The values of columns left .. right - 1 and rows top .. bottom - 1, row by row. Throws "bad-file". */
  read(window: Window, signal?: AbortSignal): Promise<ArrayLike<number>>;
}

export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** x = a column + b row + c, y = d column + e row + f. */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** From pixels to the raster's own coordinates. Throws "bad-file" where the file does not say. */
function readAffine(image: GeoTIFFImage): Affine {
  const directory = image.fileDirectory;
  const half = image.getGeoKeys()?.GTRasterTypeGeoKey === 2 ? 0.5 : 0; // the tie is a pixel's middle
  const matrix = directory.getValue("ModelTransformation") as ArrayLike<number> | undefined;
  const scale = directory.getValue("ModelPixelScale") as ArrayLike<number> | undefined;
  const tie = directory.getValue("ModelTiepoint") as ArrayLike<number> | undefined;
  if (matrix) {
    const [a, b, c, d, e, f] = [0, 1, 3, 4, 5, 7].map((i) => matrix[i]!) as unknown as Affine;
    return [a, b, c - half * (a + b), d, e, f - half * (d + e)];
  }
  if (!scale || tie?.length !== 6) {
    throw new FootfallError("bad-file", "the raster does not say where on Earth it lies");
  }
  const [dx, dy] = [scale[0]!, -scale[1]!];
  return [dx, 0, tie[3]! - (tie[0]! + half) * dx, 0, dy, tie[4]! - (tie[1]! + half) * dy];
}

function invert([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  if (!Number.isFinite(1 / determinant)) {
    throw new FootfallError("bad-file", "the raster's pixels have no size");
  }
  const inverse = [e, -b, b * f - c * e, -d, a, c * d - a * f].map((n) => n / determinant);
  return inverse as unknown as Affine;
}

const apply = ([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] => [
  a * x + b * y + c,
  d * x + e * y + f,
];

const badFile = (name: string, cause: unknown): FootfallError => {
  if (cause instanceof FootfallError)
    return new FootfallError(cause.code, `${name}: ${cause.message}`);
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${name} cannot be read as a GeoTIFF: ${detail}`, { cause });
};

interface Slice {
  readonly offset: number;
  readonly length: number;
}

/** Reads a Blob by slices. The package's own way needs the browser's FileReader, which Node has not. */
function toSource(blob: Blob) {
  const fetchSlice = async ({ offset, length }: Slice) => {
    const data = await blob.slice(offset, offset + length).arrayBuffer();
    return { offset, length, data };
  };
  const fetch = async (slices: Slice[]): Promise<ArrayBuffer[]> =>
    Promise.all(slices.map(async (slice) => (await fetchSlice(slice)).data));
  return { fetch, fetchSlice, fileSize: blob.size, close: async (): Promise<void> => {} };
}

/**
 * Opens one band (default the first) of a GeoTIFF of any size: only the directory is read. In Node a file
 * becomes a Blob by `fs.openAsBlob`. Throws "bad-file" for what is no GeoTIFF or lies nowhere.
 */
export async function openRaster(
  source: Blob | ArrayBuffer,
  { name = "the raster", band = 0 }: { name?: string; band?: number } = {},
): Promise<Raster> {
  try {
    const blob = source instanceof ArrayBuffer ? new Blob([source]) : source;
    const image = await (await GeoTIFF.fromSource(toSource(blob))).getImage();
    return toRaster(image, name, band);
  } catch (error) {
    throw badFile(name, error);
  }
}

function toRaster(image: GeoTIFFImage, name: string, band: number): Raster {
  const system = toCoordinateSystem(image.getGeoKeys());
  const affine = readAffine(image);
  const inverse = invert(affine);
  const projection = proj4("+proj=longlat +datum=WGS84 +no_defs", system.proj4);
  const noData = image.getGDALNoData();
  const isFloat = image.getSampleFormat(band) === 3 && image.getBitsPerSample(band) === 32;
  return {
    name,
    system,
    width: image.getWidth(),
    height: image.getHeight(),
    tileWidth: image.getTileWidth(),
    tileHeight: image.getTileHeight(),
    turn: system.isGeographic && affine[1] === 0 ? Math.abs(360 / affine[0]) : undefined,
    noData: noData === null ? undefined : isFloat ? Math.fround(noData) : noData,
    toPixel: (lat, lng) => apply(inverse, ...projection.forward<[number, number]>([lng, lat])),
    toPlace: (x, y) => {
      const [lng, lat] = projection.inverse(apply(affine, x, y));
      return [lat, lng];
    },
    read: async ({ left, top, right, bottom }, signal) => {
      const window = [left, top, right, bottom];
      const options = { window, samples: [band], interleave: true as const };
      try {
        return await image.readRasters(signal ? { ...options, signal } : options);
      } catch (error) {
        throw badFile(name, error);
      }
    },
  };
}
