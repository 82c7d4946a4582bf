import { FootfallError } from "../errors";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The last time that a Date can hold, less a day so that neighbours can be asked, too. */
const LAST_MS = 8.64e15 - 2 * DAY_MS;

/** A time zone that can be asked at every row: answers are remembered by day. */
export interface Zone {
  /** As it was written: "Asia/Tokyo", "+09:00", "UTC". */
  readonly name: string;
  /** Minutes that its clocks are ahead of UTC at a moment. */
  offsetAt(utcMs: number): number;
  /**
   * The same where the clock's reading is known, as milliseconds that the reading would have in UTC. An hour
   * that comes twice is the first one, an hour that never was is read with the offset before the gap.
   */
  offsetAtLocal(localMs: number): number;
}

const OFFSET = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/** "+09:00", "UTC+9", "-0330" as minutes; undefined for names. */
function parseOffset(text: string): number | undefined {
  if (/^(?:UTC|GMT|Z)$/i.test(text)) return 0;
  const [, sign, hours, minutes = "0"] = OFFSET.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const total = Number(hours) * 60 + Number(minutes);
  return total > 18 * 60 ? undefined : sign === "-" ? -total : total;
}

/** Asks Intl, which takes some microseconds. */
function createAsker(name: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  return (utcMs) => {
    const parts = format.formatToParts(utcMs);
    return parseOffset(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? 0;
  };
}

/** Remembers the offset of days on which it does not change, and of minutes on the others (St. John's changed at 00:01). */
function createMemory(ask: (utcMs: number) => number): (utcMs: number) => number {
  const days = new Map<number, number | undefined>();
  const minutes = new Map<number, number>();
  let [lastDay, lastOffset] = [NaN, 0];
  const askMinute = (utcMs: number): number => {
    const minute = Math.floor(utcMs / MINUTE_MS);
    const known = minutes.get(minute) ?? ask(minute * MINUTE_MS);
    minutes.set(minute, known);
    return known;
  };
  const askDay = (day: number): number | undefined => {
    if (days.has(day)) return days.get(day);
    const offset = ask(day * DAY_MS);
    const isSteady = offset === ask((day + 1) * DAY_MS);
    days.set(day, isSteady ? offset : undefined);
    return isSteady ? offset : undefined;
  };
  return (utcMs) => {
    if (!(Math.abs(utcMs) < LAST_MS)) return 0;
    const day = Math.floor(utcMs / DAY_MS);
    if (day === lastDay) return lastOffset;
    const offset = askDay(day);
    if (offset === undefined) return askMinute(utcMs);
    [lastDay, lastOffset] = [day, offset];
    return offset;
  };
}

function createNamedZone(name: string): Zone {
  const offsetAt = createMemory(createAsker(name));
  const offsetAtLocal = (localMs: number): number => {
    // with the offset of a day before: right for the first of two equal hours and for hours in a gap
    const before = offsetAt(localMs - DAY_MS);
    if (offsetAt(localMs - before * MINUTE_MS) === before) return before;
    const after = offsetAt(localMs + DAY_MS);
    return offsetAt(localMs - after * MINUTE_MS) === after ? after : before;
  };
  return { name, offsetAt, offsetAtLocal };
}

/** Opens an IANA zone ("Asia/Tokyo") or a fixed offset ("+09:00"). Throws "bad-input" for other names. */
export function openZone(name: string): Zone {
  const fixed = parseOffset(name.trim());
  if (fixed !== undefined) return { name, offsetAt: () => fixed, offsetAtLocal: () => fixed };
  try {
    return createNamedZone(name.trim());
  } catch (cause) {
    throw new FootfallError(
      "bad-input",
      `"${name}" is no time zone; expected a name such as Asia/Tokyo or an offset such as +09:00`,
      { cause },
    );
  }
}
