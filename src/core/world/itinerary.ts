import type { Random } from "../random";
import type { Geography } from "./geography";
import { planeKm } from "./plane";
import type { Destinations } from "./destinations";
import { pow } from "../exact";

/** Two thirds of residents have a workplace. */
const EMPLOYED_SHARE = 0.65;

/** Exploration: P(new) = rho S^-gamma (Song et al. 2010). */
const RHO = 0.6;
const GAMMA = 0.21;
const EXPLORING = Float64Array.from({ length: 128 }, (_, S) => RHO * pow(Math.max(1, S), -GAMMA));

/** Tries to find a known place other than the present one. */
const RETURN_TRIES = 4;

/** A resident: where they live, work and have been. */
export interface Resident {
  readonly home: number;
  /** Cell of the workplace, -1 without one. */
  readonly work: number;
  /** Inclination to leisure trips, 0 to 1. */
  readonly appetite: number;
  /** Places of daily life so far and how often each was visited. */
  readonly places: number[];
  readonly visits: number[];
}

export function createResident(home: number, destinations: Destinations, random: Random): Resident {
  const isEmployed = random.uniform() < EMPLOYED_SHARE;
  const work = isEmployed ? destinations.daily(home, random) : -1;
  return { home, work, appetite: random.uniform(), places: [], visits: [] };
}

/**
 * The next place of daily life (Song et al. 2010; d-EPR, Pappalardo et al. 2015): a new one with probability
 * rho S^-gamma, drawn by gravity from the present place, else a known one by how often it was visited.
 */
export function chooseVisit(
  resident: Resident,
  from: number,
  destinations: Destinations,
  random: Random,
): number {
  const { places, visits } = resident;
  const S = places.length + (resident.work < 0 ? 1 : 2); // home and work are places too
  const explores = random.uniform() < EXPLORING[Math.min(S, 127)]!;
  const known = explores ? -1 : chooseKnown(resident, from, random);
  const place = known < 0 ? destinations.daily(from, random) : known;
  const k = places.indexOf(place);
  if (k >= 0) {
    visits[k]!++;
  } else if (place !== resident.home && place !== resident.work) {
    places.push(place);
    visits.push(1);
  }
  return place;
}

/** A known place other than the present one with probability in proportion to its visits; -1 for none. */
function chooseKnown({ places, visits }: Resident, from: number, random: Random): number {
  const total = visits.reduce((sum, count) => sum + count, 0);
  if (total === 0) return -1;
  for (let attempt = 0; attempt < RETURN_TRIES; attempt++) {
    let left = random.integer(total);
    const k = visits.findIndex((count) => (left -= count) < 0);
    if (places[k] !== from) return places[k]!;
  }
  return -1;
}

/** One way from a cell to another, times in minutes since the start of the month. */
export interface Leg {
  readonly from: number;
  readonly to: number;
  readonly depart: number;
  readonly arrive: number;
}

/** Ways are longer than the straight line. */
const DETOUR = 1.2;

/** Mean speed in km/h of a trip: from a walk and a bus to the fastest train. */
function speedKmh(km: number): number {
  return Math.min(220, 16 + 0.75 * km);
}

/** Minutes of a trip over a straight distance. */
export function tripMinutes(km: number): number {
  return 2 + (60 * DETOUR * km) / speedKmh(km);
}

/** Straight distance of two cells, km. */
export function apartKm({ lat, lng }: Geography, a: number, b: number): number {
  return planeKm(lat[a]!, lng[a]!, lat[b]!, lng[b]!);
}

/** A resident under way: where and when, and the legs so far. */
export class Itinerary {
  readonly legs: Leg[] = [];
  at: number;
  minute: number;
  readonly #geography: Geography;

  constructor(geography: Geography, at: number, minute: number) {
    this.#geography = geography;
    this.at = at;
    this.minute = minute;
  }

  /** Minutes to a cell from here, 0 for the present one. */
  minutesTo(to: number): number {
    return to === this.at ? 0 : tripMinutes(apartKm(this.#geography, this.at, to));
  }

  /** Goes to a cell and stays there. */
  go(to: number, stayMinutes: number): void {
    if (to !== this.at) {
      const arrive = this.minute + this.minutesTo(to);
      this.legs.push({ from: this.at, to, depart: this.minute, arrive });
      this.minute = arrive;
      this.at = to;
    }
    this.minute += stayMinutes;
  }
}
