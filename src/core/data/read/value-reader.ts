import { decodeLenient } from "./encoding";
import { parseNumberText } from "./fields";
import { pointOf } from "./point-value";
import type { FoundPoint } from "./source";
import type { TablePlan } from "./table-plan";
import { TimeReader } from "./time-reader";

/** Gives the value of a column in the row at hand: text, number, bigint, Date, bytes or nothing. */
export type ValueAt = (column: number) => unknown;

/** A value as a table shows it. Moments of a clock without a zone have none in their text. */
export function textOf(value: unknown, isLocal = false): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return String(value);
  }
  if (value instanceof Date) {
    const text = Number.isNaN(value.getTime()) ? "" : value.toISOString();
    return isLocal ? text.replace("Z", "") : text;
  }
  if (value instanceof Uint8Array) return decodeLenient(value);
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "bigint" ? String(part) : part,
  );
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? parseNumberText(value) : NaN;
}

/** Makes points of rows whose values have types of their own. */
export class ValueReader {
  readonly #plan: TablePlan;
  readonly #times: TimeReader;
  readonly #isLocal: boolean;
  readonly #point: FoundPoint;

  constructor(plan: TablePlan) {
    this.#plan = plan;
    this.#times = new TimeReader(plan.times!, plan.zone);
    this.#isLocal = plan.times!.kind === "text" && !plan.times!.tellsZone;
    this.#point = { user: plan.fileUser, timeMs: NaN, lat: NaN, lng: NaN, offsetMin: undefined };
  }

  /** The point of a row; always the same object. */
  read(valueAt: ValueAt): FoundPoint {
    const { roles, offset, isLocalByOffset } = this.#plan;
    const point = this.#point;
    if (roles.user!.index >= 0) point.user = textOf(valueAt(roles.user!.index)).trim();
    this.#readPlace(valueAt, point);
    this.#readTime(valueAt);
    point.timeMs = this.#times.timeMs;
    point.offsetMin = this.#times.offsetMin;
    if (offset) {
      applyOffset(point, numberOf(valueAt(offset.index)) * offset.minutes, isLocalByOffset);
    }
    return point;
  }

  #readPlace(valueAt: ValueAt, point: FoundPoint): void {
    const { roles, swapped } = this.#plan;
    const [lat, lng] = [roles.lat!.index, roles.lng!.index];
    if (lat === lng) [point.lng, point.lat] = pointOf(valueAt(lat)) ?? [NaN, NaN];
    else [point.lat, point.lng] = [numberOf(valueAt(lat)), numberOf(valueAt(lng))];
    if (swapped) [point.lat, point.lng] = [point.lng, point.lat];
  }

  #readTime(valueAt: ValueAt): void {
    const { roles, dateIndex } = this.#plan;
    const value = valueAt(roles.time!.index);
    if (dateIndex >= 0) this.#times.readText(`${textOf(valueAt(dateIndex))} ${textOf(value)}`);
    else if (value instanceof Date) this.#times.readMoment(value.getTime(), this.#isLocal);
    else if (typeof value === "number") this.#times.readNumber(value);
    else if (typeof value === "bigint") this.#times.readNumber(Number(value));
    else this.#times.readText(textOf(value));
  }
}

/** Notes how far the local clock is ahead; takes it off where the time that was read is the local one. */
export function applyOffset(point: FoundPoint, minutes: number, isLocal: boolean): void {
  if (!(Math.abs(minutes) <= 18 * 60)) {
    if (isLocal) point.timeMs = NaN;
    return;
  }
  point.offsetMin = Math.round(minutes);
  if (isLocal) point.timeMs -= point.offsetMin * 60_000;
}
