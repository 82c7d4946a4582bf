import { exp, pow } from "../exact";
import type { Random } from "../random";
import type { Geography } from "./geography";
import { planeKm } from "./plane";

/** Where residents live and go, drawn by chance; cells are cell numbers of the geography. */
export interface Destinations {
  /** A home for u in [0, 1): cells in order, each as wide as its population to the 0.4. */
  home(u: number): number;
  /** A place of daily life seen from a cell: mass over distance squared (d-EPR). */
  daily(from: number, random: Random): number;
  /** A resort far away. */
  resort(from: number, random: Random): number;
  /** Another resort cell within the same parent of resolution 5, or next to it. */
  resortNear(resort: number, random: Random): number;
  /** A cell in the middle of another city, for business. */
  city(from: number, random: Random): number;
  /** Parent of each cell, as its position in `patches`, [N]. */
  readonly zoneOf: Uint16Array;
}

/** Homes follow population to this power, destinations to the next: flat, so that all places are covered. */
const HOME_POWER = 0.4;
const MASS_POWER = 0.6;

/** Distance added under the square in p ~ m / (d^2 + d0^2), between parents and between cells, km. */
const ZONE_D0_KM = 8;
const CELL_D0_KM = 1.5;

/** Cut-off of daily trips; authored. González et al. (2008) fit 80 and 400 km to all trips, of which the long
 * ones are leisure and business trips here. */
const DAILY_CUTOFF_KM = 40;

/** Daily life mostly stays within the prefecture: factor on destinations beyond its border. */
const BORDER = 0.1;

/** Leisure trips: mean length scale, and what counts as near. */
const LEISURE_SCALE_KM = 70;
const LEISURE_LEAST_KM = 35;
const NEAR_RESORT = 0.03;

/** Beyond this the place within a parent does not depend on the distance. */
const FAR_KM = 40;

/** Stands for a viewpoint too far away to matter. */
const NOWHERE = -1;

const BUSINESS_KM = { least: 60, most: 600, d0: 50 } as const;

/** Running sums of weights, and the first position whose sum exceeds a target. */
function draw(sums: ArrayLike<number>, count: number, u: number): number {
  const target = u * sums[count - 1]!;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function runningSums(count: number, weight: (k: number) => number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let k = 0; k < count; k++) sums[k] = sum += weight(k);
  return sums;
}

/** Calls `make` once for each key. */
function remember(make: (key: number) => Float64Array): (key: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (key) => {
    let sums = known.get(key);
    if (!sums) known.set(key, (sums = make(key)));
    return sums;
  };
}

/** What is drawn from: the parents as zones, with their masses. */
interface Zones {
  readonly zoneOf: Uint16Array;
  readonly prefecture: Uint8Array;
  readonly mass: Float64Array;
  readonly leisure: Float64Array;
}

function createZones(geography: Geography, mass: Float32Array): Zones {
  const { patches } = geography;
  const zones: Zones = {
    zoneOf: new Uint16Array(geography.lat.length),
    prefecture: new Uint8Array(patches.length),
    mass: new Float64Array(patches.length),
    leisure: new Float64Array(patches.length),
  };
  patches.forEach(({ from, to }, z) => {
    zones.zoneOf.fill(z, from, to);
    zones.prefecture[z] = geography.prefecture[(from + to) >> 1]!;
    for (let n = from; n < to; n++) {
      zones.mass[z]! += mass[n]!;
      zones.leisure[z]! += geography.leisure[n]!;
    }
  });
  return zones;
}

/** Draws a cell of a zone as seen from a cell, by mass and, when near, by distance and border. */
function createCellDraw(geography: Geography, mass: Float32Array) {
  const { lat, lng, prefecture, patches } = geography;
  const sums = new Float64Array(400);
  return (zone: number, from: number, random: Random): number => {
    const patch = patches[zone]!;
    const fromLat = lat[from] ?? 0;
    const fromLng = lng[from] ?? 0;
    const isFar = from === NOWHERE || planeKm(fromLat, fromLng, patch.lat, patch.lng) > FAR_KM;
    let sum = 0;
    for (let n = patch.from; n < patch.to; n++) {
      let weight = mass[n]!;
      if (!isFar) {
        const km = planeKm(fromLat, fromLng, lat[n]!, lng[n]!);
        weight /= km * km + CELL_D0_KM * CELL_D0_KM;
        if (prefecture[n] !== prefecture[from]) weight *= BORDER;
        if (n === from) weight = 0;
      }
      sums[n - patch.from] = sum += weight;
    }
    return patch.from + draw(sums, patch.to - patch.from, random.uniform());
  };
}

/** Tables for drawing homes and destinations; rows are made when first needed and kept (up to 80 MB). */
export function createDestinations(geography: Geography): Destinations {
  const { patches, population, leisure, cities } = geography;
  const N = population.length;
  const Z = patches.length;
  const mass = Float32Array.from(population, (people) => pow(people, MASS_POWER));
  const zones = createZones(geography, mass);
  const homes = runningSums(N, (n) => pow(population[n]!, HOME_POWER));
  const cellByMass = createCellDraw(geography, mass);
  const apart = (a: number, b: number): number =>
    planeKm(patches[a]!.lat, patches[a]!.lng, patches[b]!.lat, patches[b]!.lng);

  const dailyRow = remember((a) =>
    runningSums(Z, (b) => {
      const km = apart(a, b);
      if (km > 8 * DAILY_CUTOFF_KM) return 0;
      const border = zones.prefecture[a] === zones.prefecture[b] ? 1 : BORDER;
      return (
        (zones.mass[b]! * border * exp(-km / DAILY_CUTOFF_KM)) / (km * km + ZONE_D0_KM * ZONE_D0_KM)
      );
    }),
  );
  const leisureRow = remember((a) =>
    runningSums(Z, (b) => {
      const km = apart(a, b);
      const near = km < LEISURE_LEAST_KM ? NEAR_RESORT : 1;
      return zones.leisure[b]! * near * exp(-km / LEISURE_SCALE_KM);
    }),
  );
  const cityZones = cities.map((city) => nearestZone(geography, city));
  const businessRow = remember((a) =>
    runningSums(cities.length, (c) => {
      const km = apart(a, cityZones[c]!);
      const isFit = km >= BUSINESS_KM.least && km <= BUSINESS_KM.most;
      if (!isFit) return 1e-9 / (1 + km * km * km * km); // an island may have no other choice
      return cities[c]!.population / (km * km + BUSINESS_KM.d0 * BUSINESS_KM.d0);
    }),
  );
  const resortIn = (zone: number, random: Random): number => {
    const { from, to } = patches[zone]!;
    const sums = runningSums(to - from, (k) => leisure[from + k]! + 1e-6);
    return from + draw(sums, to - from, random.uniform());
  };
  return {
    zoneOf: zones.zoneOf,
    home: (u) => draw(homes, N, u),
    daily(from, random) {
      const zone = draw(dailyRow(zones.zoneOf[from]!), Z, random.uniform());
      return cellByMass(zone, from, random);
    },
    resort(from, random) {
      return resortIn(draw(leisureRow(zones.zoneOf[from]!), Z, random.uniform()), random);
    },
    resortNear: (resort, random) => resortIn(zones.zoneOf[resort]!, random),
    city(from, random) {
      const zone =
        cityZones[draw(businessRow(zones.zoneOf[from]!), cities.length, random.uniform())]!;
      return cellByMass(zone, NOWHERE, random);
    },
  };
}

function nearestZone({ patches }: Geography, place: { lat: number; lng: number }): number {
  let best = 0;
  let bestKm = Infinity;
  patches.forEach((patch, z) => {
    const km = planeKm(place.lat, place.lng, patch.lat, patch.lng);
    if (km >= bestKm) return;
    best = z;
    bestKm = km;
  });
  return best;
}
