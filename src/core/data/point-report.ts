import { findClockWarnings, type ClockWarning } from "./clocks";
import { isDuplicate } from "./drop-rules";
import { countLabels, type LabelCount, type LabelledSpans } from "./labels";
import type { Rejection } from "./ledger";
import { NO_OFFSET, type LocatedPoints } from "./points";
import { ROWS_PER_SLICE, type Sliced } from "./slices";
import type { TrackFacts } from "./read/track-checks";

/** One bar of a histogram: what is at most `upTo` and above the bar before; null has no upper end. */
export interface Bar {
  upTo: number | null;
  count: number;
}

/** Rows of one file. */
export interface FileRows {
  path: string;
  rows: number;
  rejected: number;
}

/** What came in, before any rule (DI-14). Plain data: it stands in report.json as it is. */
export interface PointReport extends TrackFacts {
  rowsRead: number;
  rejected: Rejection[];
  files: FileRows[];
  points: number;
  users: number;
  /** First and last moment. */
  fromMs: number;
  toMs: number;
  /** Points that repeat the user, moment and cell of another. */
  duplicates: number;
  /** Points of a user at one moment in another cell than the point before. */
  elsewhere: number;
  /** Times of more than a day between two points of a user. */
  gaps: { count: number; longestMs: number; users: number };
  /** Seconds from one point of a user to the next. */
  intervals: Bar[];
  /** The middle one of these, in seconds. */
  medianIntervalS: number;
  /** Users by their number of points. */
  pointsPerUser: Bar[];
  /** Points of the user with fewest, of the quarter, half, three quarters, and with most. */
  pointsPerUserQuartiles: [number, number, number, number, number];
  /** Users with points a year or more away from the others', by the new names. */
  clocks: ClockWarning[];
  /** Points whose file tells the local clock. */
  withOffset: number;
  labels: LabelCount[];
}

/** What only the collector knows. */
export interface CollectedFacts extends TrackFacts {
  rowsRead: number;
  rejected: Rejection[];
  files: FileRows[];
}

const SECOND = 1000;
const DAY_MS = 86_400_000;
/** Upper ends of the bars of intervals, seconds: 1 s to 1 min, to 1 h, to 1 day, a week. */
const INTERVAL_ENDS = [
  0, 1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800,
];
const POINT_ENDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1e6];

/** Counts values by bars. */
class Histogram {
  readonly #ends: readonly number[];
  readonly #counts: number[];

  constructor(ends: readonly number[]) {
    this.#ends = ends;
    this.#counts = Array.from({ length: ends.length + 1 }, () => 0);
  }

  add(value: number): void {
    let bar = 0;
    while (bar < this.#ends.length && value > this.#ends[bar]!) bar++;
    this.#counts[bar]!++;
  }

  /** Without the empty bars behind the last. */
  bars(): Bar[] {
    const bars = this.#counts.map((count, b) => ({ upTo: this.#ends[b] ?? null, count }));
    const last = bars.findLastIndex(({ count }) => count > 0);
    return bars.slice(0, last + 1);
  }
}

/** What is seen from one point of a user to the next. */
class StepCounts {
  readonly intervals = new Histogram(INTERVAL_ENDS);
  /** Steps by whole seconds up to a day, for the median. */
  readonly #bySecond = new Uint32Array(DAY_MS / SECOND + 1);
  #steps = 0;
  duplicates = 0;
  elsewhere = 0;
  readonly gaps = { count: 0, longestMs: 0, users: 0 };
  #lastGapUser = -1;

  add(points: LocatedPoints, i: number): void {
    const stepMs = points.timeMs[i]! - points.timeMs[i - 1]!;
    this.intervals.add(stepMs / SECOND);
    this.#bySecond[Math.min(this.#bySecond.length - 1, Math.round(stepMs / SECOND))]!++;
    this.#steps++;
    if (isDuplicate(points, i)) this.duplicates++;
    else if (stepMs === 0) this.elsewhere++;
    if (stepMs <= DAY_MS) return;
    this.gaps.count++;
    this.gaps.longestMs = Math.max(this.gaps.longestMs, stepMs);
    if (points.user[i] !== this.#lastGapUser) this.gaps.users++;
    this.#lastGapUser = points.user[i]!;
  }

  medianS(): number {
    let seen = 0;
    return Math.max(
      0,
      this.#bySecond.findIndex((count) => (seen += count) * 2 >= this.#steps),
    );
  }
}

/** Number of points of each user. */
function countPerUser({ users, user }: LocatedPoints): Uint32Array {
  const counts = new Uint32Array(users.length);
  for (const u of user) counts[u]!++;
  return counts;
}

function describeUsers(points: LocatedPoints) {
  const counts = countPerUser(points).sort();
  const histogram = new Histogram(POINT_ENDS);
  for (const count of counts) histogram.add(count);
  const at = (share: number): number => counts[Math.round(share * (counts.length - 1))] ?? 0;
  const quartiles: PointReport["pointsPerUserQuartiles"] = [
    at(0),
    at(0.25),
    at(0.5),
    at(0.75),
    at(1),
  ];
  return { pointsPerUser: histogram.bars(), pointsPerUserQuartiles: quartiles };
}

/** Reports on points sorted by user and time. Nothing in it names a user as the file does. */
export function* describePoints(
  points: LocatedPoints,
  {
    names,
    facts,
    labels,
  }: { names: readonly string[]; facts: CollectedFacts; labels: LabelledSpans },
): Sliced<PointReport> {
  const { user, timeMs, offsetMin } = points;
  const steps = new StepCounts();
  let [fromMs, toMs] = [Infinity, -Infinity];
  let withOffset = 0;
  for (let i = 0; i < user.length; i++) {
    fromMs = Math.min(fromMs, timeMs[i]!);
    toMs = Math.max(toMs, timeMs[i]!);
    if (i > 0 && user[i] === user[i - 1]) steps.add(points, i);
    if (offsetMin && offsetMin[i] !== NO_OFFSET) withOffset++;
    if (i % ROWS_PER_SLICE === 0) yield i;
  }
  return {
    ...facts,
    points: user.length,
    users: points.users.length,
    fromMs,
    toMs,
    duplicates: steps.duplicates,
    elsewhere: steps.elsewhere,
    gaps: steps.gaps,
    intervals: steps.intervals.bars(),
    medianIntervalS: steps.medianS(),
    ...describeUsers(points),
    clocks: findClockWarnings(points, names),
    withOffset,
    labels: countLabels(labels),
  };
}
