import { FootfallError } from "../errors";
import type { Progress } from "../pace";
import { growFloat64, growUint32 } from "./growing";
import { importPoints } from "./import-points";
import type { Rejection } from "./ledger";
import type { Points } from "./points";
import type { FileFacts, FoundPoint, PointSink, ReadOptions as Options } from "./source";

/** A file from anywhere: a name for messages, and its bytes in pieces. */
export interface PointFile {
  name: string;
  chunks: AsyncIterable<Uint8Array>;
  /** Size, for the progress; 0 where unknown. */
  bytes?: number;
}

export interface ReadOptions extends Options {
  signal?: AbortSignal | undefined;
}

/** Points of all files, and how they were read. */
export interface ReadResult {
  points: Points;
  rowsRead: number;
  rejected: Rejection[];
  files: (FileFacts & { name: string })[];
}

const FIRST_LINES = 5;

/** Kept points of all files, and the rejected rows by reason. */
class Collector implements PointSink {
  readonly #users = new Map<string, number>();
  readonly #user = growUint32();
  readonly #timeMs = growFloat64();
  readonly #lat = growFloat64();
  readonly #lng = growFloat64();
  readonly #rejected = new Map<string, Rejection>();
  rowsRead = 0;

  beginFile(): void {}
  label(): void {}

  add(point: FoundPoint, line: number): void {
    const reason = whyNot(point);
    if (reason !== undefined) return this.reject(reason, line);
    this.rowsRead++;
    const number = this.#users.get(point.user) ?? this.#users.size;
    this.#users.set(point.user, number);
    this.#user.push(number);
    this.#timeMs.push(point.timeMs);
    this.#lat.push(point.lat);
    this.#lng.push(point.lng);
  }

  reject(reason: string, line: number): void {
    this.rowsRead++;
    const rejection = this.#rejected.get(reason) ?? { reason, count: 0, firstLines: [] };
    rejection.count++;
    if (rejection.firstLines.length < FIRST_LINES) rejection.firstLines.push(line);
    this.#rejected.set(reason, rejection);
  }

  build(): { points: Points; rejected: Rejection[] } {
    const points = {
      users: [...this.#users.keys()],
      user: this.#user.build(),
      timeMs: this.#timeMs.build(),
      lat: this.#lat.build(),
      lng: this.#lng.build(),
    };
    return { points, rejected: [...this.#rejected.values()] };
  }
}

function whyNot({ user, timeMs, lat, lng }: FoundPoint): string | undefined {
  if (user === "") return "no user";
  if (!Number.isFinite(timeMs)) return "no time that can be read";
  if (!Number.isFinite(lat) || !Number.isFinite(lng)) return "a coordinate that is not a number";
  if (Math.abs(lat) > 90) return "latitude outside -90 to 90";
  if (Math.abs(lng) > 180) return "longitude outside -180 to 180";
  if (lat === 0 && lng === 0) return "coordinates 0, 0 (no fix)";
  return undefined;
}

function noData(files: readonly PointFile[], rowsRead: number, first?: Rejection): FootfallError {
  const names = files.map(({ name }) => name).join(", ");
  const why = first ? `; first reason: ${first.reason}, line ${first.firstLines[0]}` : "";
  return new FootfallError("no-data", `${names}: none of ${rowsRead} rows can be used${why}`);
}

/** All points of some files, read whole; for the command line until it takes `importPoints` itself. */
export async function* readPoints(
  files: readonly PointFile[],
  options: ReadOptions = {},
): AsyncGenerator<Progress, ReadResult> {
  const sources = [];
  for (const { name, chunks } of files) {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of chunks) pieces.push(chunk as Uint8Array<ArrayBuffer>);
    sources.push({ path: name, blob: new Blob(pieces) });
  }
  const collector = new Collector();
  const facts = yield* importPoints(sources, options, collector, options.signal);
  const { points, rejected } = collector.build();
  if (points.user.length === 0) throw noData(files, collector.rowsRead, rejected[0]);
  const read = facts.map((file) => ({ ...file, name: file.path }));
  return { points, rowsRead: collector.rowsRead, rejected, files: read };
}
