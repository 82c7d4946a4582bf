import type { Points } from "../data/points";
import { DEFAULT_SEED, createRandom, shuffle } from "../random";
import type { Random } from "../random";
import { minuteToMs } from "./calendar";
import { createDestinations } from "./destinations";
import type { Destinations } from "./destinations";
import { liveMonth } from "./diary";
import type { Outing } from "./diary";
import type { Geography } from "./geography";
import { createResident } from "./itinerary";
import { createRouter } from "./route";
import type { Router } from "./route";

export type CountrySize = "small" | "medium" | "large";

/** Residents of each size. Sizes are nested: the small country's residents are the first of the large one's. */
export const COUNTRY_SIZES: Record<CountrySize, { residents: number }> = {
  small: { residents: 3_000 },
  medium: { residents: 30_000 },
  large: { residents: 300_000 },
};

export interface ResidentsOptions {
  readonly seed?: number;
  /** Numbers of the residents: from .. to - 1. */
  readonly from: number;
  readonly to: number;
  /** Residents in one yield, default 500. */
  readonly chunk?: number;
}

/** Chance that a phone reports at a stop and at a way-point of an observed day. */
const SEEN_STOP = 0.85;
const SEEN_WAY = 0.55;

/** A month has at most this many observations, trips first, then days by chance, none cut in two. */
const MOST_OBSERVATIONS = 62;
const MOST_ON_TRIPS = 44;

/** The golden section: homes of successive residents spread evenly over the country. */
const GOLDEN = 0.6180339887498949;

/** Distance of a GPS point from its cell's middle, north-south and east-west: at most 100 m each. */
const JITTER_LAT = 0.0009;
const JITTER_LNG = 0.0011;

interface Observation {
  readonly cell: number;
  readonly minute: number;
}

interface Mobility {
  readonly destinations: Destinations;
  readonly router: Router;
}
const prepared = new WeakMap<Geography, Mobility>();

function prepareMobility(geography: Geography): Mobility {
  const known = prepared.get(geography);
  if (known) return known;
  const mobility = { destinations: createDestinations(geography), router: createRouter(geography) };
  prepared.set(geography, mobility);
  return mobility;
}

/**
 * A month of GPS points of simulated residents, sorted by resident and time, in chunks of whole residents.
 * A resident depends on the geography, the seed and the own number only. The first chunk of a geography takes
 * about half a second longer.
 */
export function* simulateResidents(
  geography: Geography,
  { seed = DEFAULT_SEED, from, to, chunk = 500 }: ResidentsOptions,
): Generator<Points, void> {
  const mobility = prepareMobility(geography);
  for (let first = from; first < to; first += chunk) {
    yield simulateChunk(geography, mobility, { seed, first, last: Math.min(to, first + chunk) });
  }
}

function simulateChunk(
  geography: Geography,
  mobility: Mobility,
  { seed, first, last }: { seed: number; first: number; last: number },
): Points {
  const most = (last - first) * MOST_OBSERVATIONS;
  const points: Points = {
    users: [],
    user: new Uint32Array(most),
    timeMs: new Float64Array(most),
    lat: new Float64Array(most),
    lng: new Float64Array(most),
  };
  let n = 0;
  const offset = createRandom(seed, "homes").uniform();
  for (let number = first; number < last; number++) {
    const random = createRandom(seed, "resident", number);
    const u = (offset + number * GOLDEN) % 1;
    const resident = createResident(mobility.destinations.home(u), mobility.destinations, random);
    const outings = liveMonth({ resident, geography, destinations: mobility.destinations, random });
    for (const { cell, minute } of observe(outings, mobility.router, random)) {
      points.user[n] = number - first;
      points.timeMs[n] = minuteToMs(minute);
      points.lat[n] = jitter(geography.lat[cell]!, JITTER_LAT, random);
      points.lng[n++] = jitter(geography.lng[cell]!, JITTER_LNG, random);
    }
    points.users.push(`resident-${String(number).padStart(6, "0")}`);
  }
  return {
    users: points.users,
    user: points.user.slice(0, n),
    timeMs: points.timeMs.slice(0, n),
    lat: points.lat.slice(0, n),
    lng: points.lng.slice(0, n),
  };
}

/** A coordinate moved by at most `reach` and rounded to 1e-6 degrees. */
function jitter(degrees: number, reach: number, random: Random): number {
  return Math.round((degrees + reach * (2 * random.uniform() - 1)) * 1e6) / 1e6;
}

/** What the phone reports: leisure trips first, then days by chance, as long as they fit; in order of time. */
function observe(outings: readonly Outing[], router: Router, random: Random): Observation[] {
  const isTrip = (outing: Outing): boolean => outing.kind === "leisure";
  const trips = shuffle(outings.filter(isTrip), random);
  const days = shuffle(
    outings.filter((outing) => !isTrip(outing)),
    random,
  );
  const observed: { firstDay: number; seen: Observation[] }[] = [];
  let count = 0;
  for (const outing of [...trips, ...days]) {
    const seen = observeLegs(outing, router, random);
    const most = isTrip(outing) ? MOST_ON_TRIPS : MOST_OBSERVATIONS;
    if (count + seen.length > most) continue;
    count += seen.length;
    observed.push({ firstDay: outing.firstDay, seen });
    if (count >= MOST_OBSERVATIONS - 1) break;
  }
  observed.sort((a, b) => a.firstDay - b.firstDay);
  return observed.flatMap(({ seen }) => seen);
}

function observeLegs({ legs }: Outing, router: Router, random: Random): Observation[] {
  const seen: Observation[] = [];
  for (const leg of legs) {
    router.follow(leg, random, (cell, minute) => {
      if (random.uniform() < SEEN_WAY) seen.push({ cell, minute });
    });
    if (random.uniform() < SEEN_STOP) seen.push({ cell: leg.to, minute: leg.arrive });
  }
  return seen;
}
