import { parseNumber, parseNumberText } from "./fields";
import { decodeLenient } from "./encoding";
import { IsoReader } from "./iso-bytes";
import { parseClockTime, type ClockTime } from "./time-text";
import type { TimePlan } from "./time-plan";
import { toTimeMs } from "./times";
import type { Zone } from "../zones";

/** Reads the fields of one time column; the answer stands in `timeMs` and `offsetMin`. */
export class TimeReader {
  /** Milliseconds since 1970 UTC; NaN where the field is no time. */
  timeMs = NaN;
  /** Minutes that the field's own clock, or the zone's, is ahead of UTC; undefined where nothing tells. */
  offsetMin: number | undefined;
  readonly #plan: TimePlan;
  readonly #zone: Zone | undefined;
  readonly #iso = new IsoReader();

  /** `zone` is that of texts which do not tell theirs; undefined takes them as UTC. */
  constructor(plan: TimePlan, zone: Zone | undefined) {
    this.#plan = plan;
    this.#zone = zone;
  }

  readBytes(bytes: Uint8Array, from: number, to: number): void {
    if (this.#plan.kind === "number") return this.readNumber(parseNumber(bytes, from, to));
    if (this.#iso.read(bytes, from, to)) this.#take(this.#iso);
    else this.readText(decodeLenient(bytes.subarray(from, to)));
  }

  readText(text: string): void {
    if (this.#plan.kind === "number") return this.readNumber(parseNumberText(text));
    this.#take(parseClockTime(text.trim(), this.#plan.order));
  }

  /** A number of the column's unit. Days of a spreadsheet are a clock's reading, all others are UTC. */
  readNumber(value: number): void {
    this.offsetMin = undefined;
    if (this.#plan.kind !== "number") return this.readText(String(value));
    const { unit, originMs } = this.#plan;
    const timeMs = toTimeMs(value, unit, originMs);
    if (unit === "excel-days") this.#take({ localMs: timeMs, offsetMin: undefined });
    else this.timeMs = timeMs;
  }

  /** A moment, or the reading of a clock whose zone the file does not tell. */
  readMoment(timeMs: number, isLocal: boolean): void {
    this.#take({ localMs: timeMs, offsetMin: isLocal ? undefined : 0 });
  }

  #take(time: ClockTime | undefined): void {
    const told = time?.offsetMin;
    this.offsetMin = told === 0 ? undefined : told; // +00:00 is how UTC is written, not a place's clock
    if (!time) this.timeMs = NaN;
    else if (told !== undefined) this.timeMs = time.localMs - told * 60_000;
    else this.#takeLocal(time.localMs);
  }

  #takeLocal(localMs: number): void {
    this.offsetMin = this.#zone?.offsetAtLocal(localMs);
    this.timeMs = localMs - (this.offsetMin ?? 0) * 60_000;
  }
}
