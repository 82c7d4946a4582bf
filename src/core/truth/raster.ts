import { GeoTIFF, type GeoTIFFImage } from "geotiff";
import proj4 from "proj4";
import { FootfallError, throwIfStopped } from "../errors";
import { apply, invert, readAffine, stretch, type Affine } from "./affine";
import { namedSystem, toCoordinateSystem, type CoordinateSystem } from "./coordinate-system";
import { blobRange, type RangeReader } from "./range";
import { readScaling, scaled, type Scaling } from "./raster-scaling";

/** One band of an open GeoTIFF. Nothing to close: the source is read when a window is asked for. */
export interface Raster {
  readonly name: string;
  readonly width: number; // pixels
  readonly height: number;
  readonly bands: number;
  readonly system: CoordinateSystem;
  /** Pixels around the globe, where columns may be shifted by it (cylindrical, north up). Otherwise undefined. */
  readonly turn: number | undefined;
  /** Pixels that a read had better be a multiple of. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** A value that means "no data"; NaN always does. */
  readonly noData: number | undefined;
  /** Pixels of the file's own size along one side of a pixel here: 1, or more for an overview. */
  readonly factor: number;
  /** The same band with coarser pixels, fine to coarse; empty where the file has none. */
  readonly overviews: readonly Raster[];
  /** What the file says about itself, for recognising it: names, titles, legends. */
  readonly notes: string;
  /** Degrees to pixels, (0, 0) being the outer corner of the first pixel. Not finite where the projection ends. */
  toPixel(lat: number, lng: number): [x: number, y: number];
  /** Pixels to degrees; NaN where the projection ends. */
  toPlace(x: number, y: number): [lat: number, lng: number];
  /** The values of columns left .. right - 1 and rows top .. bottom - 1, row by row; NaN where masked. Throws "bad-file". */
  read(window: Window, signal?: AbortSignal): Promise<ArrayLike<number>>;
}

export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface RasterOptions {
  /** For messages; default "the raster". */
  readonly name?: string | undefined;
  /** Default the first, 0. */
  readonly band?: number | undefined;
  /** Overrules what the file says, or says it: "EPSG:3035", proj4 text. */
  readonly crs?: string | undefined;
}

const badFile = (name: string, cause: unknown): FootfallError => {
  if (cause instanceof FootfallError)
    return new FootfallError(cause.code, `${name}: ${cause.message}`);
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${name} cannot be read as a GeoTIFF: ${detail}`, { cause });
};

/** The directory could be read, a piece of the pixels cannot. */
function damaged(
  name: string,
  { left, top, right, bottom }: Window,
  cause: unknown,
): FootfallError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError(
    "bad-file",
    `${name} is damaged or cut: its pixels in columns ${left} to ${right - 1}, rows ${top} to ${bottom - 1} cannot be read (${detail}); fetch the file again`,
    { cause },
  );
}

interface Slice {
  readonly offset: number;
  readonly length: number;
}

/** The package's own way of reading files needs the browser's FileReader, which Node has not. */
function toSource(range: RangeReader) {
  const fetchSlice = async ({ offset, length }: Slice, signal?: AbortSignal) => {
    const data = await range.read(offset, length, signal);
    return { offset, length, data };
  };
  const fetch = async (slices: Slice[], signal?: AbortSignal): Promise<ArrayBuffer[]> =>
    Promise.all(slices.map(async (slice) => (await fetchSlice(slice, signal)).data));
  return { fetch, fetchSlice, fileSize: range.size, close: async (): Promise<void> => {} };
}

/** Kinds of further images (TIFF tag 254): a coarser copy, and where a picture has data. */
const REDUCED = 1;
const MASK = 4;
/** More directories than this are not looked at: those of a raster with overviews are fewer. */
const MOST_IMAGES = 64;

/** A picture of the file, and the picture that says where it has data. */
interface Level {
  readonly image: GeoTIFFImage;
  mask: GeoTIFFImage | undefined;
}

/** The full picture, then its overviews from fine to coarse, with the mask of each. */
async function readLevels(file: GeoTIFF): Promise<Level[]> {
  const levels: Level[] = [{ image: await file.getImage(), mask: undefined }];
  for (let i = 1; i < MOST_IMAGES; i++) {
    const image = await file.getImage(i).catch(() => undefined); // counting them first hangs where they form a ring
    if (!image) break;
    const kind = image.fileDirectory.getValue("NewSubfileType") ?? 0;
    if (kind === REDUCED) levels.push({ image, mask: undefined });
    const masked = levels.find((level) => level.image.getWidth() === image.getWidth());
    if (kind & MASK && masked) masked.mask = image;
  }
  return levels.sort((a, b) => b.image.getWidth() - a.image.getWidth());
}

async function readNotes(image: GeoTIFFImage, band: number): Promise<string> {
  const own = await image.getGDALMetadata(band);
  const all = await image.getGDALMetadata();
  const entries = Object.entries({ ...all, ...own }).filter(([name]) => !name.startsWith("STAT"));
  return entries.map(([name, value]) => `${name}: ${String(value)}`).join("\n");
}

/** What all levels of a file share. */
interface Frame {
  readonly name: string;
  readonly band: number;
  readonly system: CoordinateSystem;
  readonly affine: Affine;
  /** Of the stored numbers. */
  readonly noData: number | undefined;
  readonly scaling: Scaling | undefined;
  readonly notes: string;
}

function checkBand(image: GeoTIFFImage, band: number): void {
  const bands = image.getSamplesPerPixel();
  if (band < bands) return;
  throw new FootfallError("bad-input", `band ${band + 1} was asked for, the file has ${bands}`);
}

async function toFrame(
  image: GeoTIFFImage,
  { name = "the raster", band = 0, crs }: RasterOptions,
): Promise<Frame> {
  checkBand(image, band);
  const keys = image.getGeoKeys();
  const affine = readAffine(image);
  const noData = image.getGDALNoData();
  const isFloat = image.getSampleFormat(band) === 3 && image.getBitsPerSample(band) === 32;
  return {
    name,
    band,
    affine,
    system: crs === undefined ? toCoordinateSystem(keys) : namedSystem(crs),
    noData: noData === null ? undefined : isFloat ? Math.fround(noData) : noData,
    scaling: await readScaling(image, band),
    notes: await readNotes(image, band),
  };
}

/** Pixels around the globe where x grows evenly with the longitude: places a quarter turn apart tell. */
function findTurn(
  forward: (lat: number, lng: number) => [number, number],
  affine: Affine,
): number | undefined {
  if (affine[1] !== 0 || affine[3] !== 0) return undefined;
  const xs = [-90, 0, 90].map((lng) => forward(20, lng)[0]);
  const [first, second] = [xs[1]! - xs[0]!, xs[2]! - xs[1]!];
  const poleward = forward(50, 90)[0] - forward(50, 0)[0];
  const isEven = [first, poleward].every((step) => Math.abs(step / second - 1) < 1e-9);
  return isEven ? Math.abs((4 * second) / affine[0]) : undefined;
}

/** Reads a window of one band; where a mask says "no data" the value becomes NaN. */
function createRead({ image, mask }: Level, frame: Frame): Raster["read"] {
  const { name, band } = frame;
  const readBand = (from: GeoTIFFImage, sample: number, window: Window, signal?: AbortSignal) => {
    const { left, top, right, bottom } = window;
    const options = {
      window: [left, top, right, bottom],
      samples: [sample],
      interleave: true as const,
    };
    return from.readRasters(signal ? { ...options, signal } : options);
  };
  return async (window, signal) => {
    try {
      const values = scaled(await readBand(image, band, window, signal), frame);
      if (!mask) return values;
      const isData: ArrayLike<number> = await readBand(mask, 0, window, signal);
      return Float64Array.from(values, (value, i) => (isData[i] === 0 ? NaN : value));
    } catch (error) {
      throwIfStopped(signal);
      throw damaged(name, window, error);
    }
  };
}

function toRaster(level: Level, frame: Frame, full: GeoTIFFImage, overviews: Raster[]): Raster {
  const { image } = level;
  const { system, name, notes, scaling } = frame;
  const noData = scaling === undefined ? frame.noData : undefined; // NaN already
  const [width, height] = [image.getWidth(), image.getHeight()];
  const [fx, fy] = [full.getWidth() / width, full.getHeight() / height];
  const affine = stretch(frame.affine, fx, fy);
  const inverse = invert(affine);
  const projection = proj4("+proj=longlat +datum=WGS84 +no_defs", system.proj4);
  const forward = (lat: number, lng: number): [number, number] =>
    projection.forward<[number, number]>([lng, lat]);
  return {
    name,
    system,
    noData,
    notes,
    width,
    height,
    overviews,
    bands: image.getSamplesPerPixel(),
    factor: Math.sqrt(fx * fy),
    tileWidth: image.getTileWidth(),
    tileHeight: image.getTileHeight(),
    turn: findTurn(forward, affine),
    toPixel: (lat, lng) => apply(inverse, ...forward(lat, lng)),
    toPlace: (x, y) => {
      const place = apply(affine, x, y);
      if (!place.every(Number.isFinite)) return [NaN, NaN];
      const [lng, lat] = projection.inverse(place);
      return [lat, lng];
    },
    read: createRead(level, frame),
  };
}

/**
 * Opens one band of a GeoTIFF of any size: only the directory is read. In Node a file becomes a Blob by
 * `fs.openAsBlob`. Throws "bad-file" for what is no GeoTIFF or lies nowhere, "bad-input" for a band that is
 * not there or a coordinate system that is not known.
 */
export async function openRaster(
  source: Blob | ArrayBuffer | RangeReader,
  options: RasterOptions = {},
): Promise<Raster> {
  try {
    const blob = source instanceof ArrayBuffer ? new Blob([source]) : source;
    const range = blob instanceof Blob ? blobRange(blob) : blob;
    const levels = await readLevels(await GeoTIFF.fromSource(toSource(range)));
    const full = levels[0]!.image;
    const frame = await toFrame(full, options);
    const overviews = levels.slice(1).map((level) => toRaster(level, frame, full, []));
    return toRaster(levels[0]!, frame, full, overviews);
  } catch (error) {
    throw badFile(options.name ?? "the raster", error);
  }
}
