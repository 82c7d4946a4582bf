const LOCALE = "en-GB";
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });

/** "12,345". */
export function formatCount(count: number): string {
  return whole.format(count);
}

/**
 * An error's message as a sentence: a capital first, a full stop last. A name of a file keeps its letters:
 * "points.csv is empty."
 */
export function asSentence(message: string): string {
  const [first = ""] = message.split(" ", 1);
  const isName = /[./_\d]/.test(first);
  const begun = isName ? message : message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** A path without its folders. */
export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A count with its noun: "1 place", "12 places". */
export function formatCounted(count: number, noun: string, plural = `${noun}s`): string {
  return `${whole.format(count)} ${count === 1 ? noun : plural}`;
}

/** Perplexities and the like: one decimal below 100, whole above. */
export function formatMeasure(value: number): string {
  return (value < 100 ? one : whole).format(value);
}

/** A share of 0 to 1 with at most one decimal: "12.5%". */
export function formatPercent(share: number): string {
  return percent.format(share);
}

/** A probability that may be tiny: "12.5%", "4.1%", "0.76%", "under 0.01%". */
export function formatProbability(share: number): string {
  if (share >= 0.01) return percent.format(share);
  return share < 0.0001 ? "under 0.01%" : `${Number((share * 100).toFixed(2))}%`;
}

/** Seconds for people: "0.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${one.format(seconds)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  return `${Math.floor(rounded / 3600)} h ${Math.round((rounded % 3600) / 60)} min`;
}

/** Bytes in decimal units: "2.4 MB", "10.7 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${one.format(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${one.format(bytes / 1e6)} MB`;
  return `${one.format(bytes / 1e9)} GB`;
}

const MINUTE_MS = 60_000;
const DEGREES_AN_HOUR = 15;

const clock = new Intl.DateTimeFormat(LOCALE, {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/**
 * A moment as the sun's clock has it there, to the hour nearest to the place: "Tue 2 May, 08:10". Legal time
 * zones would need a table of borders; for Japan and China the two agree.
 */
export function formatMoment(timeMs: number, lng: number): string {
  const offsetMs = Math.round(lng / DEGREES_AN_HOUR) * 60 * MINUTE_MS;
  return clock.format(new Date(timeMs + offsetMs));
}
