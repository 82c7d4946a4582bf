import type { Random } from "../random";
import { DAY_MINUTES, MONTH, OFF_BLOCKS, OFF_DAYS } from "./calendar";
import type { Destinations } from "./destinations";
import type { Geography } from "./geography";
import { Itinerary, apartKm, chooseVisit } from "./itinerary";
import type { Leg, Resident } from "./itinerary";

/** Days that hang together: an ordinary day, or a trip with its nights. */
export interface Outing {
  readonly kind: "day" | "leisure" | "business";
  readonly firstDay: number;
  readonly legs: readonly Leg[];
}

/** What a day needs to be lived. */
export interface Life {
  readonly resident: Resident;
  readonly geography: Geography;
  readonly destinations: Destinations;
  readonly random: Random;
}

/** Chance of a leisure trip in a block of off days, times the resident's appetite. */
const TRIP_IN_LONG_BLOCK = 0.55;
const TRIP_IN_WEEKEND = 0.22;

/** Chance of nights away when the block allows them; beyond this distance nobody returns the same day. */
const OVERNIGHT_SHARE = 0.4;
const DAY_TRIP_KM = 230;

/** Employed residents with a business trip in the month. */
const BUSINESS_SHARE = 0.05;

/** Chance of a visit on the way home from work. */
const AFTER_WORK_SHARE = 0.35;

/** Chances of 0, 1, 2 and 3 visits on a day without work. */
const VISITS = [0.25, 0.4, 0.25, 0.1] as const;

/** Nobody sets out for another place when they could not be home by then. */
const HOME_BY = 23 * 60;

const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform();

/** A month of one resident in the order of days. */
export function liveMonth(life: Life): Outing[] {
  const trips = planTrips(life);
  const outings: Outing[] = [];
  for (let day = 0; day < MONTH.days;) {
    const trip = trips.find(({ first }) => first === day);
    const legs = trip ? travel(life, trip) : liveDay(life, day);
    if (legs.length > 0) outings.push({ kind: trip?.kind ?? "day", firstDay: day, legs });
    day = trip ? trip.last + 1 : day + 1;
  }
  return outings;
}

interface Trip {
  readonly kind: "leisure" | "business";
  readonly first: number;
  readonly last: number;
  readonly to: number;
}

function planTrips(life: Life): Trip[] {
  const { resident, destinations, random } = life;
  const trips = OFF_BLOCKS.flatMap(([first, last]) => {
    const chance = last - first > 1 ? TRIP_IN_LONG_BLOCK : TRIP_IN_WEEKEND;
    return random.uniform() < chance * resident.appetite ? [planLeisure(life, first, last)] : [];
  });
  if (resident.work < 0 || random.uniform() >= BUSINESS_SHARE) return trips;
  const day = random.integer(MONTH.days);
  if (OFF_DAYS[day]) return trips;
  const to = destinations.city(resident.home, random);
  return [...trips, { kind: "business", first: day, last: day, to }];
}

function planLeisure(
  { resident, geography, destinations, random }: Life,
  from: number,
  to: number,
): Trip {
  const resort = destinations.resort(resident.home, random);
  const isFar = apartKm(geography, resident.home, resort) > DAY_TRIP_KM;
  const staysOvernight = random.uniform() < OVERNIGHT_SHARE || isFar;
  const nights = staysOvernight ? 1 + random.integer(Math.min(2, to - from)) : 0;
  const first = from + random.integer(to - from + 1 - nights);
  return { kind: "leisure", first, last: first + nights, to: resort };
}

function travel(life: Life, trip: Trip): readonly Leg[] {
  const { resident, geography, destinations, random } = life;
  const start = trip.first * DAY_MINUTES + between(random, 390, 540);
  const way = new Itinerary(geography, resident.home, start);
  if (trip.kind === "business") {
    way.go(trip.to, between(random, 180, 360));
    way.go(resident.home, 0);
    return way.legs;
  }
  const nights = trip.last - trip.first;
  way.go(trip.to, between(random, 90, 210));
  for (let day = trip.first; day <= trip.last; day++) {
    const second = destinations.resortNear(trip.to, random);
    if (random.uniform() < 0.6) way.go(second, between(random, 60, 150));
    if (day < trip.last) way.minute = (day + 1) * DAY_MINUTES + between(random, 510, 630);
    if (day < trip.last && nights > 0)
      way.go(destinations.resortNear(trip.to, random), between(random, 60, 150));
  }
  way.go(resident.home, 0);
  return way.legs;
}

function liveDay(life: Life, day: number): readonly Leg[] {
  const { resident, geography, random } = life;
  const start = day * DAY_MINUTES;
  if (resident.work < 0 || OFF_DAYS[day]) {
    const way = new Itinerary(geography, resident.home, start + between(random, 540, 780));
    visitSome(life, way, start, chooseVisitCount(random));
    way.go(resident.home, 0);
    return way.legs;
  }
  const way = new Itinerary(geography, resident.home, start + between(random, 390, 540));
  way.go(resident.work, between(random, 420, 570));
  visitSome(life, way, start, random.uniform() < AFTER_WORK_SHARE ? 1 : 0);
  way.go(resident.home, 0);
  return way.legs;
}

function chooseVisitCount(random: Random): number {
  let left = random.uniform();
  const count = VISITS.findIndex((share) => (left -= share) < 0);
  return count < 0 ? 0 : count;
}

function visitSome(life: Life, way: Itinerary, dayStart: number, count: number): void {
  const { resident, geography, destinations, random } = life;
  for (let visit = 0; visit < count; visit++) {
    const place = chooseVisit(resident, way.at, destinations, random);
    const stay = between(random, 30, 150);
    const home = new Itinerary(geography, place, 0).minutesTo(resident.home);
    if (way.minute + way.minutesTo(place) + stay + home > dayStart + HOME_BY) return;
    way.go(place, stay);
  }
}
