/** Tracks of other movers, made up by seed: imitations to try the tables on (paper 2, next check 3), no animal and no storm. */
import { sinCos } from "../exact";
import { createRandom, type Random } from "../random";

export const IMITATIONS = ["animals", "storms"] as const;
export type Imitation = (typeof IMITATIONS)[number];

const HOUR_MS = 3_600_000;
const KM_A_DEGREE = 111.2;
const RADIANS = Math.PI / 180;

interface Place {
  readonly lat: number;
  readonly lng: number;
}

/** One mover's way: a place every few hours. */
interface Track {
  readonly id: string;
  readonly startMs: number;
  readonly everyMs: number;
  readonly places: readonly Place[];
}

/** A place so many km north and east of another. */
function move({ lat, lng }: Place, north: number, east: number): Place {
  const [, across] = sinCos(lat * RADIANS);
  return { lat: lat + north / KM_A_DEGREE, lng: lng + east / (KM_A_DEGREE * across) };
}

const scatter = (place: Place, km: number, random: Random): Place =>
  move(place, km * random.normal(), km * random.normal());

const ANIMALS = 80;
const FIX_HOURS = 6;
const ANIMAL_DAYS = 183;
/** A lake in the middle of Europe, and a delta in West Africa for those that leave it. */
const SUMMER: Place = { lat: 47.6, lng: 9.4 };
const WINTER: Place = { lat: 14.8, lng: -4.2 };
const RANGE_KM = 4;
const SITES = 5;
const FIX_KM = 0.15;
/** Days of the journey and of a rest within it. */
const JOURNEY = { days: 30, rest: 5 } as const;

/** A home range: the same few places again and again, the first of them at night (Burt 1943). */
function createRange(middle: Place, random: Random): (hour: number) => Place {
  const sites = Array.from({ length: SITES }, () => scatter(middle, RANGE_KM, random));
  return (hour) => {
    const isNight = hour % 24 >= 20 || hour % 24 < 4;
    const site = isNight ? 0 : Math.min(SITES - 1, Math.floor(SITES * random.uniform() ** 2));
    return scatter(sites[site]!, FIX_KM, random);
  };
}

/** Half stay in their home range; half leave it in autumn, rest on the way, and have another one in the south. */
function makeAnimal(n: number, seed: number): Track {
  const random = createRandom(seed, "imitated animal", n);
  const [north, south] = [SUMMER, WINTER].map((place) => scatter(place, 60, random));
  const [summer, winter] = [createRange(north!, random), createRange(south!, random)];
  const leavesDay = n % 2 === 0 ? Infinity : 55 + 40 * random.uniform();
  const fixes = (ANIMAL_DAYS * 24) / FIX_HOURS;
  const places = Array.from({ length: fixes }, (_, i): Place => {
    const hour = i * FIX_HOURS;
    const days = hour / 24 - leavesDay;
    if (days < 0) return summer(hour);
    if (days > JOURNEY.days) return winter(hour);
    const isResting = Math.floor(days / JOURNEY.rest) % 2 === 1;
    const flown = isResting ? Math.floor(days / JOURNEY.rest) * JOURNEY.rest : days;
    const share = Math.min(1, flown / JOURNEY.days);
    const at = {
      lat: north!.lat + share * (south!.lat - north!.lat),
      lng: north!.lng + share * (south!.lng - north!.lng),
    };
    return scatter(at, isResting ? 1 : 15, random);
  });
  const id = `imitated animal ${n + 1}`;
  return { id, startMs: Date.UTC(2022, 6, 1), everyMs: FIX_HOURS * HOUR_MS, places };
}

const STORMS = 360;
const STORM_HOURS = 3;
const FIRST_SEASON = 1990;
const SEASON_DAYS = 110;

/** Carried west by the trade winds, then round the high, faster and faster to the north-east; authored by eye. */
function makeStorm(n: number, seed: number): Track {
  const random = createRandom(seed, "imitated storm", n);
  let at: Place = { lat: 10 + 6 * random.uniform(), lng: -60 + 40 * random.uniform() };
  const turnsAt = 22 + 8 * random.uniform();
  const speed = 18 + 4 * random.normal();
  let [north, east] = [0, 0];
  const places: Place[] = [];
  const most = (24 / STORM_HOURS) * (5 + 9 * random.uniform());
  while (places.length < most && at.lat < 52) {
    places.push(at);
    const turn = Math.max(-1, Math.min(1, (at.lat - turnsAt) / 6)); // -1 in the trades, 1 in the westerlies
    north = 0.8 * north + 1.2 * random.normal();
    east = 0.8 * east + 1.2 * random.normal();
    const wanted = { north: 7 + 9 * (turn + 1), east: turn * speed * (turn > 0 ? 1.6 : 1) };
    at = move(at, STORM_HOURS * (wanted.north + north), STORM_HOURS * (wanted.east + east));
  }
  const season = Date.UTC(FIRST_SEASON + Math.floor(n / 12), 6, 20);
  const startMs = season + Math.floor((SEASON_DAYS * 24 * random.uniform()) / 3) * 3 * HOUR_MS;
  return {
    id: `IMITATED${String(n + 1).padStart(4, "0")}`,
    startMs,
    everyMs: STORM_HOURS * HOUR_MS,
    places,
  };
}

function makeTracks(kind: Imitation, seed: number): Track[] {
  const [count, make] =
    kind === "animals" ? ([ANIMALS, makeAnimal] as const) : ([STORMS, makeStorm] as const);
  return Array.from({ length: count }, (_, n) => make(n, seed));
}

const isoText = (ms: number, end: string): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}${end}`;

/** How the two archives write a point: Movebank's columns, and those of IBTrACS with its second row of units. */
const FORMATS: Record<
  Imitation,
  { head: string; row: (track: Track, ms: number, at: Place) => string }
> = {
  animals: {
    head: "event-id,visible,timestamp,location-long,location-lat,sensor-type,individual-taxon-canonical-name,individual-local-identifier,study-name",
    row: ({ id }, ms, { lat, lng }) =>
      `0,true,${isoText(ms, ".000")},${lng.toFixed(5)},${lat.toFixed(5)},gps,imitation,${id},"Imitation, no real animals"`,
  },
  storms: {
    head: "SID,SEASON,NAME,ISO_TIME,NATURE,LAT,LON\n ,Year, , , ,degrees_north,degrees_east",
    row: ({ id }, ms, { lat, lng }) =>
      `${id},${new Date(ms).getUTCFullYear()},IMITATION,${isoText(ms, "")},TS,${lat.toFixed(2)},${lng.toFixed(2)}`,
  },
};

/** An imitation as a file that the import reads like the archive's own; the same seed gives the same text. */
export function imitateFile(kind: Imitation, seed: number): string {
  const { head, row } = FORMATS[kind];
  const rows = makeTracks(kind, seed).flatMap((track) =>
    track.places.map((at, i) => row(track, track.startMs + i * track.everyMs, at)),
  );
  return `${[head, ...rows].join("\n")}\n`;
}
