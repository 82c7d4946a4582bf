import { pow } from "../exact";
import type { Random } from "../random";
import type { Geography } from "./geography";
import { nearestCell } from "./cell-grid";
import type { Leg } from "./itinerary";
import { createNetwork } from "./network";
import { planeKm } from "./plane";

/** Trips shorter than this go straight; longer ones run along the lines between cities. */
const STRAIGHT_KM = 15;
/** A line is taken only when it is not much longer than the straight way. */
const WORTHWHILE = 1.4;
const HUBS_TRIED = 3;

/** Way-points stand about this far apart on trips up to 40 km, and farther on longer ones. */
const SPACING_KM = 4;
const SPACING_POWER = 0.6;
/** No way-point this close to the end. */
const END_KM = 1.5;

/** Fills places along a trip; reused for all trips. */
export interface Router {
  /** Calls `see` with each land cell passed between the ends of the leg and its minute, in order of time. */
  follow(leg: Leg, random: Random, see: (cell: number, minute: number) => void): void;
}

/** Lines between the cities for one geography. */
export function createRouter(geography: Geography): Router {
  const { lat, lng, grid, patches, cities } = geography;
  const network = createNetwork(cities);
  const H = network.hubs.length;
  const hubsOf = new Map<number, number[]>();
  const zoneOf = new Uint16Array(lat.length);
  patches.forEach((patch, z) => zoneOf.fill(z, patch.from, patch.to));
  const nearHubs = (cell: number): number[] => {
    const zone = zoneOf[cell]!;
    let near = hubsOf.get(zone);
    if (!near) {
      const patch = patches[zone]!;
      const km = network.hubs.map((hub) => planeKm(patch.lat, patch.lng, hub.lat, hub.lng));
      near = Array.from(km.keys()).sort((a, b) => km[a]! - km[b]!);
      hubsOf.set(zone, (near = near.slice(0, HUBS_TRIED)));
    }
    return near;
  };
  const kmToHub = (cell: number, hub: number): number =>
    planeKm(lat[cell]!, lng[cell]!, network.hubs[hub]!.lat, network.hubs[hub]!.lng);

  /** Hubs passed from a to b, none for a straight way. */
  const chooseLine = (a: number, b: number, straightKm: number): number[] => {
    let best = straightKm * WORTHWHILE;
    let ends: [number, number] | undefined;
    for (const first of nearHubs(a)) {
      for (const last of nearHubs(b)) {
        const km = kmToHub(a, first) + network.km[first * H + last]! + kmToHub(b, last);
        if (km >= best) continue;
        best = km;
        ends = [first, last];
      }
    }
    if (!ends) return [];
    const line = [ends[0]];
    for (let hub = ends[0]; hub !== ends[1]; line.push(hub)) hub = network.next[hub * H + ends[1]]!;
    return line;
  };

  const pathLat: number[] = [];
  const pathLng: number[] = [];
  const pathKm: number[] = [];
  const extend = (pointLat: number, pointLng: number): void => {
    const k = pathLat.length;
    const km =
      k === 0 ? 0 : pathKm[k - 1]! + planeKm(pathLat[k - 1]!, pathLng[k - 1]!, pointLat, pointLng);
    pathLat.push(pointLat);
    pathLng.push(pointLng);
    pathKm.push(km);
  };
  const layPath = ({ from, to }: Leg): number => {
    pathLat.length = pathLng.length = pathKm.length = 0;
    const straightKm = planeKm(lat[from]!, lng[from]!, lat[to]!, lng[to]!);
    extend(lat[from]!, lng[from]!);
    if (straightKm > STRAIGHT_KM) {
      for (const hub of chooseLine(from, to, straightKm)) {
        extend(network.hubs[hub]!.lat, network.hubs[hub]!.lng);
      }
    }
    extend(lat[to]!, lng[to]!);
    return pathKm.at(-1)!;
  };

  return {
    follow(leg, random, see) {
      const lengthKm = layPath(leg);
      const spacing = SPACING_KM * Math.max(1, pow(lengthKm / 40, SPACING_POWER));
      let part = 1;
      let last = leg.from;
      for (let km = 0; ;) {
        km += spacing * (0.5 + random.uniform());
        if (km > lengthKm - END_KM) return;
        while (pathKm[part]! < km) part++;
        const t = (km - pathKm[part - 1]!) / (pathKm[part]! - pathKm[part - 1]!);
        const cell = nearestCell(
          grid,
          pathLat[part - 1]! + t * (pathLat[part]! - pathLat[part - 1]!),
          pathLng[part - 1]! + t * (pathLng[part]! - pathLng[part - 1]!),
        );
        if (cell < 0 || cell === last || cell === leg.to) continue;
        last = cell;
        see(cell, leg.depart + ((leg.arrive - leg.depart) * km) / lengthKm);
      }
    },
  };
}
