import { FootfallError } from "../errors";
import { CellTableBuilder } from "../geo/cells";
import { CellLocator } from "../geo/locate";
import type { Progress } from "../pace";
import { LongColumn } from "./growing";
import { LabelCollector, type LabelledSpans } from "./labels";
import { describePoints, type FileRows, type PointReport } from "./point-report";
import { anonymousNames, NO_OFFSET, type LocatedPoints, type Places } from "./points";
import { createPathMask } from "./privacy";
import { RejectedRows } from "./rejected-rows";
import { paceSlices } from "./slices";
import { sortInPlace } from "./sort-points";
import type { FoundPoint, PointSink } from "./read/source";
import { TrackChecks } from "./read/track-checks";

export interface CollectorOptions {
  /** H3 resolution of the cells; default 8. */
  resolution?: number;
  /** Keep latitude and longitude beside the cell, where `needsCoordinates` says so; default false. */
  keepCoordinates?: boolean;
  /** Faster is called impossible in the report; default 1,000 km/h, which no airliner flies for long. */
  maxSpeedKmh?: number;
  /** Seed of the random names that stand for the users; undefined keeps the file's own names. */
  anonymousSeed: number | undefined;
  /** Finds the cells of many points at a time, on a graphics card say; default each at once, by the processor. */
  locate?: LocatePoints | undefined;
}

/** The numbers of places' cells in a builder's table, in the order of the places. */
export type LocatePoints = (
  places: Places,
  cells: CellTableBuilder,
  signal?: AbortSignal,
) => Promise<Uint32Array>;

/** Places that wait for a graphics card at most: 8 MB. */
const MOST_WAITING = 2 ** 19;

/** What was kept of all rows. */
export interface CollectedPoints {
  /** By user and time. `users` are the file's own names: for the split and for nothing that is written. */
  points: LocatedPoints;
  /** What stands for each user in everything written and shown. */
  names: readonly string[];
  report: PointReport;
  rejected: RejectedRows;
  labels: LabelledSpans;
  /** Hides users in the paths of files that are named after them. */
  maskPath: (path: string) => string;
}

/** So many degrees from 0, 0 lies no place where anybody was: a receiver without a fix. About 11 m. */
const NULL_ISLAND_DEG = 1e-4;
const LAST_TIME_MS = 8.64e15; // of a Date

function whyNot({ user, timeMs, lat, lng }: FoundPoint): string | undefined {
  if (user === "") return "no user";
  if (!(Math.abs(timeMs) <= LAST_TIME_MS)) return "no time that can be read";
  if (!Number.isFinite(lat) || !Number.isFinite(lng)) return "a coordinate that is not a number";
  if (Math.abs(lat) > 90) return "latitude outside -90 to 90";
  if (Math.abs(lng) > 180) return "longitude outside -180 to 180";
  if (Math.abs(lat) < NULL_ISLAND_DEG && Math.abs(lng) < NULL_ISLAND_DEG) {
    return "coordinates 0, 0 (no fix)";
  }
  return undefined;
}

/**
 * Where readers put points: checks each row, finds its cell from the full coordinates (the one that h3-js
 * finds), counts what is odd and keeps 16 bytes a point (32 with coordinates, 2 more with offsets).
 */
export class PointCollector implements PointSink {
  readonly #options: CollectorOptions;
  readonly #cells: CellTableBuilder;
  readonly #locator: CellLocator;
  readonly #users = new Map<string, number>();
  readonly #user = new LongColumn(Uint32Array);
  readonly #cell = new LongColumn(Uint32Array);
  readonly #timeMs = new LongColumn(Float64Array);
  readonly #lat = new LongColumn(Float64Array);
  readonly #lng = new LongColumn(Float64Array);
  readonly #offsetMin = new LongColumn(Int16Array);
  readonly #checks: TrackChecks;
  readonly #rejected = new RejectedRows();
  readonly #labels = new LabelCollector();
  readonly #files: FileRows[] = [];
  #file: FileRows = { path: "", rows: 0, rejected: 0 };
  #hasOffsets = false;
  #lastName = "";
  #lastUser = -1;
  rowsRead = 0;

  constructor(options: CollectorOptions) {
    const { resolution = 8, maxSpeedKmh = 1000 } = options;
    this.#options = options;
    this.#cells = new CellTableBuilder(resolution);
    this.#locator = new CellLocator(resolution, this.#cells);
    this.#checks = new TrackChecks(maxSpeedKmh);
  }

  beginFile(path: string): void {
    this.#file = { path, rows: 0, rejected: 0 };
    this.#files.push(this.#file);
  }

  add(point: FoundPoint, line: number): void {
    const reason = whyNot(point);
    if (reason !== undefined) {
      this.reject(reason, line);
      return;
    }
    this.rowsRead++;
    this.#file.rows++;
    const { timeMs, lat, lng, offsetMin } = point;
    const user = this.#userNumber(point.user);
    this.#checks.add(user, point, { path: this.#file.path, line });
    this.#user.push(user);
    const { keepCoordinates, locate } = this.#options;
    if (locate === undefined) this.#cell.push(this.#locator.locate(lat, lng));
    this.#timeMs.push(timeMs);
    if (offsetMin !== undefined || this.#hasOffsets) this.#addOffset(offsetMin ?? NO_OFFSET);
    if (keepCoordinates !== true && locate === undefined) return;
    this.#lat.push(lat);
    this.#lng.push(lng);
  }

  /**
   * Finds the cells of the points that wait for `locate`, where they are many, so that no more places are held than
   * that. Throws "stopped", and what `locate` throws.
   */
  async settle(signal?: AbortSignal): Promise<void> {
    if (this.#lat.length - this.#located() >= MOST_WAITING) await this.#locateAll(signal);
  }

  /** Points among those of `#lat` whose cells are known. */
  #located(): number {
    return this.#options.keepCoordinates === true ? this.#cell.length : 0;
  }

  async #locateAll(signal: AbortSignal | undefined): Promise<void> {
    const { keepCoordinates, locate } = this.#options;
    if (locate === undefined) return;
    const from = this.#located();
    const places = { lat: this.#lat.view().subarray(from), lng: this.#lng.view().subarray(from) };
    this.#cell.pushAll(await locate(places, this.#cells, signal));
    if (keepCoordinates === true) return;
    this.#lat.clear();
    this.#lng.clear();
  }

  reject(reason: string, line: number): void {
    this.rowsRead++;
    this.#file.rows++;
    this.#file.rejected++;
    this.#rejected.add(reason, this.#file.path, line);
  }

  label(user: string, fromMs: number, toMs: number, label: string): void {
    this.#labels.add(user, fromMs, toMs, label);
  }

  /**
   * Sorts what was kept and reports on it; to be called once, the collector is empty then. Throws "no-data"
   * where no row can be used, and "stopped".
   */
  async *build(signal?: AbortSignal): AsyncGenerator<Progress, CollectedPoints, void> {
    if (this.#user.length === 0) throw this.#noData();
    const total = this.#user.length;
    const report = { phase: "sort points", total, unit: "points" };
    const points = await this.#take(signal);
    yield* paceSlices(sortInPlace(points), report, signal);
    const { anonymousSeed: seed } = this.#options;
    const { users } = points;
    const names = seed === undefined ? users : anonymousNames(users.length, seed);
    const maskPath = seed === undefined ? (path: string) => path : createPathMask(users);
    this.#rejected.maskPaths(maskPath);
    const facts = {
      rowsRead: this.rowsRead,
      rejected: this.#rejected.reasons(),
      files: this.#files.map((file) => ({ ...file, path: maskPath(file.path) })),
      ...this.#checks.facts(maskPath),
    };
    const labels = this.#labels.build(this.#users, names);
    const work = describePoints(points, { names, facts, labels });
    const described = yield* paceSlices(work, { ...report, phase: "check points" }, signal);
    return { points, names, report: described, rejected: this.#rejected, labels, maskPath };
  }

  #userNumber(name: string): number {
    if (name === this.#lastName) return this.#lastUser;
    const known = this.#users.get(name) ?? this.#users.size;
    if (known === this.#users.size) this.#users.set(name, known);
    this.#lastName = name;
    this.#lastUser = known;
    return known;
  }

  /** Rows before the first one with an offset have none. */
  #addOffset(offsetMin: number): void {
    this.#hasOffsets = true;
    while (this.#offsetMin.length < this.#timeMs.length - 1) this.#offsetMin.push(NO_OFFSET);
    this.#offsetMin.push(offsetMin);
  }

  async #take(signal: AbortSignal | undefined): Promise<LocatedPoints> {
    await this.#locateAll(signal);
    const columns = {
      users: [...this.#users.keys()],
      user: this.#user.take(),
      timeMs: this.#timeMs.take(),
      ...(this.#hasOffsets ? { offsetMin: this.#offsetMin.take() } : {}),
    };
    const places = { lat: this.#lat.take(), lng: this.#lng.take() };
    const points = { ...columns, cell: this.#cell.take(), cells: this.#cells.build() };
    return this.#options.keepCoordinates === true ? { ...points, ...places } : points;
  }

  #noData(): FootfallError {
    const names = this.#files.map(({ path }) => path);
    const all = names.length > 3 ? `${names.length} files` : names.join(", ");
    const [first] = this.#rejected.reasons();
    const why = first ? `; most often: ${first.reason}, line ${first.firstLines[0]}` : "";
    return new FootfallError("bad-file", `${all}: none of ${this.rowsRead} rows can be used${why}`);
  }
}
