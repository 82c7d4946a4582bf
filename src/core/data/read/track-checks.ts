import { growFloat64 } from "../growing";
import { speedAbove } from "../speed";
import type { FoundPoint } from "./source";

/** Places of the first few odd rows. */
export interface OddRow {
  path: string;
  line: number;
}

/** What each row is against the one of the same user before it, in the order of the files. */
export interface TrackFacts {
  /** Rows earlier in time than the user's row before. */
  outOfOrder: number;
  /** Rows that are not to be reached from the user's row before at the speed named. */
  speeding: { limitKmh: number; count: number; fastestKmh: number; first: OddRow[] };
  /** Corners of the box around all points, degrees. */
  box: { south: number; west: number; north: number; east: number };
}

const FIRST_ROWS = 5;

/** Watches the rows go by: keeps 24 bytes a user. */
export class TrackChecks {
  readonly #limitKmh: number;
  readonly #timeMs = growFloat64();
  readonly #lat = growFloat64();
  readonly #lng = growFloat64();
  readonly #from = { lat: 0, lng: 0 };
  readonly #box = { south: Infinity, west: Infinity, north: -Infinity, east: -Infinity };
  readonly #first: OddRow[] = [];
  #outOfOrder = 0;
  #fast = 0;
  #fastestKmh = 0;

  constructor(limitKmh: number) {
    this.#limitKmh = limitKmh;
  }

  /** `user` counts up from 0 in the order of first coming. */
  add(user: number, point: FoundPoint, row: OddRow): void {
    const { timeMs, lat, lng } = point;
    this.#widen(lat, lng);
    if (user === this.#timeMs.length) {
      this.#timeMs.push(timeMs);
      this.#lat.push(lat);
      this.#lng.push(lng);
      return;
    }
    const elapsedMs = timeMs - this.#timeMs.get(user);
    if (elapsedMs < 0) this.#outOfOrder++;
    this.#from.lat = this.#lat.get(user);
    this.#from.lng = this.#lng.get(user);
    const speed = speedAbove(this.#limitKmh, elapsedMs, this.#from, point);
    if (speed > 0) this.#noteFast(speed, row);
    this.#timeMs.set(user, timeMs);
    this.#lat.set(user, lat);
    this.#lng.set(user, lng);
  }

  /** `mask` hides users in the paths of files. */
  facts(mask: (path: string) => string): TrackFacts {
    const speeding = {
      limitKmh: this.#limitKmh,
      count: this.#fast,
      fastestKmh: Math.round(this.#fastestKmh),
      first: this.#first.map(({ path, line }) => ({ path: mask(path), line })),
    };
    return { outOfOrder: this.#outOfOrder, speeding, box: { ...this.#box } };
  }

  #noteFast(speed: number, { path, line }: OddRow): void {
    this.#fast++;
    this.#fastestKmh = Math.max(this.#fastestKmh, speed);
    if (this.#first.length < FIRST_ROWS) this.#first.push({ path, line });
  }

  #widen(lat: number, lng: number): void {
    const box = this.#box;
    if (lat < box.south) box.south = lat;
    if (lat > box.north) box.north = lat;
    if (lng < box.west) box.west = lng;
    if (lng > box.east) box.east = lng;
  }
}
