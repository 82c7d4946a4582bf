import { growFloat64, growInt32, growUint32 } from "./growing";
import type { Points } from "./points";
import { placeBetween, walkMoments, type Fill } from "./resample";
import type { Sliced } from "./slices";

/** How points become windows; RAW: 960 points, one every 15 minutes. */
export interface PointWindowRules {
  readonly intervalMin: number;
  /** What stands at a moment without a point. */
  readonly fill: Fill;
  /** Longer times without a point are not bridged: a window ends there, unless moments without points are dropped. */
  readonly maxGapMin: number;
  /** Points of a window at most. */
  readonly length: number;
  /** Shorter windows are left out. */
  readonly minPoints: number;
}

/** RAW's windows (NOTES.md 1.3: 960 points are ten days); the rest is not stated there. */
export const RAW_WINDOWS: PointWindowRules = {
  intervalMin: 15,
  fill: "hold",
  maxGapMin: 1440,
  length: 960,
  minPoints: 10,
};

/** Windows of places of one person each, at moments of equal distance, one after the other. */
export interface PointWindows {
  readonly users: readonly string[];
  /** Whose window it is, counted in `users`. */
  readonly user: Uint32Array; // [n]
  /** Window k is points offsets[k] to offsets[k + 1] - 1. */
  readonly offsets: Uint32Array; // [n + 1]
  /** Longitude and latitude in degrees. */
  readonly places: Float32Array; // [N, 2]
  /** Number of each moment: multiples of the interval since 1970. */
  readonly moments: Int32Array; // [N]
}

/** What was left of the points. */
export interface PointWindowFacts {
  /** Points that came in. */
  readonly points: number;
  /** Moments of all windows, those of windows that are too short not counted. */
  readonly moments: number;
  /** Moments that no point stands behind. */
  readonly filled: number;
  /** Windows that were too short. */
  readonly short: number;
}

type Placed = Pick<Points, "users" | "user" | "timeMs" | "lat" | "lng">;

/** Collects windows from batches of whole users. */
export class PointWindowBuilder {
  readonly #rules: PointWindowRules;
  readonly #users: string[] = [];
  readonly #user = growUint32();
  readonly #offsets = growUint32();
  readonly #places = growFloat64();
  readonly #moments = growInt32();
  #open = { user: -1, last: 0, filled: 0, places: [] as number[], moments: [] as number[] };
  #facts = { points: 0, moments: 0, filled: 0, short: 0 };

  constructor(rules: PointWindowRules) {
    this.#rules = rules;
    this.#offsets.push(0);
  }

  /** Adds the points of some users, sorted by user and time. */
  *add(points: Placed): Sliced<void> {
    const { intervalMin, fill, maxGapMin } = this.#rules;
    const first = this.#users.length;
    const intervalMs = 60_000 * intervalMin;
    this.#users.push(...points.users);
    this.#facts.points += points.user.length;
    const options = { intervalMs, fill, maxGapMs: 60_000 * maxGapMin };
    yield* walkMoments(points, options, ({ i, atMs, share, own }) => {
      const [lat, lng] = placeBetween(points, i, share);
      this.#addMoment(first + points.user[i]!, Math.round(atMs / intervalMs), own === 0);
      this.#open.places.push(lng, lat);
    });
    this.#close();
  }

  #addMoment(user: number, moment: number, isFilled: boolean): void {
    const { length, fill } = this.#rules;
    const { user: before, last, moments } = this.#open;
    const isGap = fill !== "drop" && moment !== last + 1;
    if (user !== before || isGap || moments.length === length) this.#close();
    this.#open.user = user;
    this.#open.last = moment;
    this.#open.moments.push(moment);
    if (isFilled) this.#open.filled++;
  }

  #close(): void {
    const { user, moments, places, filled } = this.#open;
    if (moments.length > 0 && moments.length < this.#rules.minPoints) this.#facts.short++;
    if (moments.length >= this.#rules.minPoints) {
      this.#user.push(user);
      this.#moments.pushAll(moments);
      this.#places.pushAll(places);
      this.#offsets.push(this.#moments.length);
      this.#facts.moments += moments.length;
      this.#facts.filled += filled;
    }
    this.#open = { user: -1, last: 0, filled: 0, places: [], moments: [] };
  }

  /** The windows so far, and what became of the points. */
  build(): { windows: PointWindows; facts: PointWindowFacts } {
    const windows: PointWindows = {
      users: this.#users,
      user: this.#user.build(),
      offsets: this.#offsets.build(),
      places: Float32Array.from(this.#places.build()),
      moments: this.#moments.build(),
    };
    return { windows, facts: this.#facts };
  }
}

/** The number of windows. */
export const countWindows = ({ user }: Pick<PointWindows, "user">): number => user.length;

/** Some of the windows, in the order given. */
export function takeWindows(windows: PointWindows, rows: readonly number[]): PointWindows {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((k, n) => {
    offsets[n + 1] = offsets[n]! + windows.offsets[k + 1]! - windows.offsets[k]!;
  });
  const places = new Float32Array(2 * offsets[rows.length]!);
  const moments = new Int32Array(offsets[rows.length]!);
  rows.forEach((k, n) => {
    const [from, to] = [windows.offsets[k]!, windows.offsets[k + 1]!];
    places.set(windows.places.subarray(2 * from, 2 * to), 2 * offsets[n]!);
    moments.set(windows.moments.subarray(from, to), offsets[n]);
  });
  const user = Uint32Array.from(rows, (k) => windows.user[k]!);
  return { users: windows.users, user, offsets, places, moments };
}
