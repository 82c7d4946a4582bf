import { FootfallError } from "../../../errors";
import { createPace, type Progress } from "../../../pace";
import { RAW_BOX, createBoxScale, type BoxScale } from "../../box";
import { countValues, readNpyHeader, type NpyHeader } from "../../columnar/npy";
import type {
  FileFacts,
  FilePreview,
  FoundPoint,
  PointFormat,
  PointSink,
  ReadOptions,
  SourceFile,
} from "../source";
import { openZone } from "../../zones";

/** 960 points are ten days (NOTES.md, 1.3: inferred from three facts). */
const STEP_MS = 15 * 60_000;
/** A Monday, midnight in the zone: the files tell no time, so the first point of each row is laid here. */
const FIRST_LOCAL_MS = Date.UTC(2001, 0, 1);
const DEFAULT_ZONE = "+08:00";

const HEAD_BYTES = 65_536;
const PIECE_BYTES = 2 ** 17;
const PREVIEW_POINTS = 100;
/** Coordinates are -1 to 1; float32 rounds the ends. */
const LARGEST = 1 + 1e-6;

const FLOATS = { "<f4": Float32Array, "<f8": Float64Array } as const;
const IDS = {
  "<i8": BigInt64Array,
  "<u8": BigUint64Array,
  "<i4": Int32Array,
  "<u4": Uint32Array,
  "<i2": Int16Array,
  "<u2": Uint16Array,
  "<f8": Float64Array,
} as const;

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

async function openHeader({ path, blob }: SourceFile): Promise<NpyHeader> {
  try {
    return readNpyHeader(await bytesOf(blob.slice(0, HEAD_BYTES)));
  } catch (thrown) {
    if (!(thrown instanceof FootfallError)) throw thrown;
    throw new FootfallError(thrown.code, `${path} is ${thrown.message}`, { cause: thrown });
  }
}

function checkSize({ path, blob }: SourceFile, header: NpyHeader, valueBytes: number): void {
  const wanted = countValues(header.shape) * valueBytes;
  const found = blob.size - header.dataAt;
  if (!header.isFortranOrder && found >= wanted) return;
  const why = header.isFortranOrder
    ? "is in Fortran order; save it in C order"
    : `is cut: ${wanted} bytes of values were expected, ${found} came`;
  throw new FootfallError("bad-file", `${path} ${why}`);
}

/** N rows of L positions, each longitude and latitude normalised to -1 to 1. */
interface Arrays {
  header: NpyHeader;
  rows: number;
  length: number;
  Values: (typeof FLOATS)[keyof typeof FLOATS];
  users: string[];
}

async function readUsers(file: SourceFile, rows: number): Promise<string[]> {
  const header = await openHeader(file);
  const { descr, shape } = header;
  if (!Object.hasOwn(IDS, descr) || countValues(shape) !== rows) {
    throw new FootfallError(
      "bad-file",
      `${file.path} has the header ${header.text}; expected ${rows} user numbers, one for each row of the data`,
    );
  }
  const Ids = IDS[descr as keyof typeof IDS];
  checkSize(file, header, Ids.BYTES_PER_ELEMENT);
  const to = header.dataAt + rows * Ids.BYTES_PER_ELEMENT;
  const ids = new Ids(await file.blob.slice(header.dataAt, to).arrayBuffer());
  return Array.from(ids as ArrayLike<number | bigint>, String);
}

const isTracks = ({ descr, shape }: NpyHeader): boolean =>
  Object.hasOwn(FLOATS, descr) && shape.length === 3 && shape[2] === 2;

async function openArrays(file: SourceFile): Promise<Arrays> {
  const header = await openHeader(file);
  const [rows = 0, length = 0] = header.shape;
  if (!isTracks(header)) {
    throw new FootfallError(
      "bad-file",
      `${file.path} has the header ${header.text}; expected RAW's float array of shape (N, L, 2)`,
    );
  }
  if (!file.companion) {
    throw new FootfallError(
      "missing-file",
      `${file.path} needs the array of its users beside it: the same name with uid in place of data`,
    );
  }
  const Values = FLOATS[header.descr as keyof typeof FLOATS];
  checkSize(file, header, Values.BYTES_PER_ELEMENT);
  return { header, rows, length, Values, users: await readUsers(file.companion, rows) };
}

/** Gives rows as points, 15 minutes apart. A user's second row begins where the first one ended. */
class RowGiver {
  readonly #sink: PointSink;
  readonly #point: FoundPoint = { user: "", timeMs: NaN, lat: NaN, lng: NaN };
  readonly #scale: BoxScale;
  readonly #startMs: number;
  readonly #given = new Map<string, number>();

  constructor({ box = RAW_BOX, zone = DEFAULT_ZONE, timeOriginMs }: ReadOptions, sink: PointSink) {
    const localMs = timeOriginMs ?? FIRST_LOCAL_MS;
    this.#sink = sink;
    this.#scale = createBoxScale(box);
    this.#point.offsetMin = openZone(zone).offsetAtLocal(localMs);
    this.#startMs = localMs - this.#point.offsetMin * 60_000;
  }

  /** `values` are longitude and latitude in turn, `row` counts from 1. */
  give(user: string, values: ArrayLike<number>, row: number): void {
    const before = this.#given.get(user) ?? 0;
    this.#given.set(user, before + values.length / 2);
    this.#point.user = user;
    for (let i = 0; i < values.length; i += 2) {
      this.#point.timeMs = this.#startMs + (before + i / 2) * STEP_MS;
      this.#givePlace(values[i]!, values[i + 1]!, row);
    }
  }

  #givePlace(x: number, y: number, row: number): void {
    if (Math.abs(x) > LARGEST || Math.abs(y) > LARGEST) {
      return this.#sink.reject("a value outside -1 to 1: the array is not normalised", row);
    }
    this.#point.lng = this.#scale.toLng(x);
    this.#point.lat = this.#scale.toLat(y);
    this.#sink.add(this.#point, row);
  }
}

/** Rows `from` to `to - 1` as one array. */
async function readRows(
  { blob }: SourceFile,
  { header, length, Values }: Arrays,
  from: number,
  to: number,
): Promise<Float32Array | Float64Array> {
  const rowBytes = length * 2 * Values.BYTES_PER_ELEMENT;
  const at = header.dataAt + from * rowBytes;
  return new Values(await blob.slice(at, at + (to - from) * rowBytes).arrayBuffer());
}

async function* read(
  file: SourceFile,
  options: ReadOptions,
  sink: PointSink,
  signal?: AbortSignal,
): AsyncGenerator<Progress, FileFacts, void> {
  const pace = createPace(signal);
  const arrays = await openArrays(file);
  const { rows, length, users, Values } = arrays;
  const giver = new RowGiver(options, sink);
  const rowsAtOnce = Math.max(1, Math.floor(PIECE_BYTES / (length * 2 * Values.BYTES_PER_ELEMENT)));
  sink.beginFile(file.path);
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = Math.min(rows, from + rowsAtOnce);
    const values = await readRows(file, arrays, from, to);
    for (let row = from; row < to; row++) {
      const at = (row - from) * length * 2;
      giver.give(users[row]!, values.subarray(at, at + length * 2), row + 1);
    }
    const done = Math.round((to / rows) * file.blob.size);
    if (!pace.due()) continue;
    yield { phase: `read ${file.path}`, done, total: file.blob.size, unit: "bytes" };
    await pace.rest();
  }
  return {
    path: file.path,
    format: "raw-arrays",
    rows: rows * length,
    times: "15 minutes a point",
  };
}

async function preview(file: SourceFile, options: ReadOptions): Promise<FilePreview> {
  const arrays = await openArrays(file);
  const points: FoundPoint[] = [];
  const outside = new Set<string>();
  const keep: PointSink = {
    beginFile: () => undefined,
    add: (point) => void (points.length < PREVIEW_POINTS && points.push({ ...point })),
    reject: (reason) => void outside.add(reason),
    label: () => undefined,
  };
  if (arrays.rows > 0) {
    const values = await readRows(file, arrays, 0, 1);
    new RowGiver(options, keep).give(arrays.users[0]!, values, 1);
  }
  const zone = options.zone ?? DEFAULT_ZONE;
  const [south, west, north, east] = options.box ?? RAW_BOX;
  return {
    path: file.path,
    bytes: file.blob.size,
    format: { value: "raw-arrays", why: "a float array of shape (N, L, 2) with one of its users" },
    columns: [],
    rows: [],
    time: { value: "15 minutes a point", why: "960 points are the ten days of the paper" },
    zone: { value: zone, why: options.zone === undefined ? "Beijing's" : "chosen" },
    points,
    warnings: [
      `Coordinates are normalised: -1 to 1 is taken as latitude ${south} to ${north} and longitude ${west} to ${east}${options.box ? "" : " (Beijing, from the authors' code)"}.`,
      "Not the true days: the files tell no time, so each user's first row begins on a Monday, unless another start is chosen.",
      ...[...outside].map((reason) => `In the first row: ${reason}.`),
    ],
    looksSwapped: false,
  };
}

function matches(_path: string, head: Uint8Array): boolean {
  try {
    return isTracks(readNpyHeader(head));
  } catch {
    return false;
  }
}

/** RAW's input (arXiv 2311.10471): data.npy of N rows of L positions, and uid.npy with the user of each row. */
export const rawArrays: PointFormat = {
  id: "raw-arrays",
  title: "RAW's arrays (npy, with a uid file)",
  matches,
  preview,
  read,
};
