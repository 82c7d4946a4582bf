/** Cities, prefectures and regions of the archipelago, all invented; nothing here is drawn from a map. */
import { exp, pow } from "../exact";
import { createRandom, type Random } from "../random";
import { ARCHIPELAGO_SEED } from "./archipelago";
import { planeKm } from "./plane";
import type { Seat, Settlement, Shore } from "./seats";
import { namedWaves, toPlane } from "./terrain";

const PREFECTURE_COUNT = 24;
const REGION_COUNT = 6;
/** As many for the land as Japan's 466, and sizes by rank: from 6,000,000 to 25,000 people. */
const CITY_COUNT = 400;
const LARGEST = 6_000_000;
const RANK_DECAY = 0.915;
/** Every third city by size is a capital: capitals are large, but not the largest alone. */
const CAPITAL_EVERY = 3;
const APART_KM = 9;
/** Places among which a capital takes the one farthest from the others (Mitchell 1991). */
const CANDIDATES = 40;

interface Place {
  readonly lat: number;
  readonly lng: number;
}

const kmBetween = (a: Place, b: Place): number => planeKm(a.lat, a.lng, b.lat, b.lng);

/** The number of the nearest of some places, and how far it is. */
function nearestOf(place: Place, others: readonly Place[]): [index: number, km: number] {
  let best = -1;
  let bestKm = Infinity;
  others.forEach((other, index) => {
    const km = kmBetween(place, other);
    if (km >= bestKm) return;
    best = index;
    bestKm = km;
  });
  return [best, bestKm];
}

/** Cells nearer to the sea than this may lie on an islet that holds no city. */
const ISLET_KM = 4;

/** Draws places on low ground near the sea, where cities are. */
function createSearch({ lat, lng, coastKm }: Shore, random: Random): () => Place {
  const plains = namedWaves(ARCHIPELAGO_SEED, "plains-60", 60);
  return () => {
    for (;;) {
      const n = random.integer(lat.length);
      if (coastKm[n]! < ISLET_KM) continue;
      const place = { lat: lat[n]!, lng: lng[n]! };
      const isLow =
        random.uniform() < 1 / (1 + exp(-1.5 * plains(...toPlane(place.lat, place.lng))));
      if (isLow && random.uniform() < exp(-coastKm[n]! / 14)) return place;
    }
  };
}

/** Capitals far from one another. */
function placeCapitals(search: () => Place): Place[] {
  const capitals: Place[] = [];
  while (capitals.length < PREFECTURE_COUNT) {
    const candidates = Array.from({ length: CANDIDATES }, search);
    const kms = candidates.map((place) => nearestOf(place, capitals)[1]);
    capitals.push(candidates[kms.indexOf(Math.max(...kms))]!);
  }
  return capitals;
}

function placeOthers(capitals: readonly Place[], search: () => Place): Place[] {
  const places = [...capitals];
  while (places.length < CITY_COUNT) {
    const place = search();
    if (nearestOf(place, places)[1] >= APART_KM) places.push(place);
  }
  return places.slice(capitals.length);
}

const STARTS = "b d f g h k l m n p r s t v br dr kl st tr".split(" ");
const VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "io"];
const ENDS = ["", "", "", "l", "n", "r", "s", "nd", "th"];

/** Invented names, each once. */
function createNames(random: Random): () => string {
  const known = new Set<string>();
  const pick = (list: readonly string[]): string => list[random.integer(list.length)]!;
  return () => {
    for (;;) {
      const syllables = Array.from(
        { length: 2 + random.integer(2) },
        () => pick(STARTS) + pick(VOWELS),
      );
      const word = syllables.join("") + pick(ENDS);
      const name = word[0]!.toUpperCase() + word.slice(1);
      if (known.has(name)) continue;
      known.add(name);
      return name;
    }
  };
}

/** The cities in the order of their size, a capital at every third place until all have one; each of its nearest capital. */
function rankCities(
  capitals: readonly Place[],
  others: readonly Place[],
  name: () => string,
): Seat[] {
  const [first, rest] = [[...capitals.keys()], [...others]];
  return Array.from({ length: CITY_COUNT }, (_, rank) => {
    const capital = rank % CAPITAL_EVERY === 0 ? first.shift() : undefined;
    const place = capital === undefined ? rest.shift()! : capitals[capital]!;
    const prefecture = capital ?? nearestOf(place, capitals)[0];
    const population = Math.round(LARGEST * pow(rank + 1, -RANK_DECAY));
    return { name: name(), ...place, population, prefecture };
  });
}

/** Settles the land: 400 cities by rank and size, a prefecture around each of 24 capitals, six regions of near capitals. */
export function settleArchipelago(shore: Shore): Settlement {
  const search = createSearch(shore, createRandom(ARCHIPELAGO_SEED, "cities"));
  const capitals = placeCapitals(search);
  const others = placeOthers(capitals, search);
  const name = createNames(createRandom(ARCHIPELAGO_SEED, "names"));
  const cities = rankCities(capitals, others, name);
  const prefectures = capitals.map((capital, p) => ({
    name: cities[CAPITAL_EVERY * p]!.name, // as most of Japan's are called after their capital
    region: nearestOf(capital, capitals.slice(0, REGION_COUNT))[0],
  }));
  return { cities, prefectures, regions: Array.from({ length: REGION_COUNT }, name) };
}
