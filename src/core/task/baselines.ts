/**
 * What a guess of a masked check-in must beat: places that need no model. They see the same trajectory
 * with the same single check-in hidden, neighbours open.
 */
import { gridDisk, latLngToCell } from "h3-js";
import {
  cellCentres,
  hashToHi,
  hashToLo,
  haversineKm,
  indexCells,
  type CellTable,
} from "../geo/cells";

/** Trajectories as cell numbers: trajectory k is cell[offsets[k]] .. cell[offsets[k + 1] - 1]. */
export interface PlaceSequences {
  readonly offsets: Uint32Array; // [n + 1]
  readonly cell: Uint32Array;
  /** Hours of the week of the check-ins, for models that know times. */
  readonly hours?: Uint8Array | undefined;
}

/** One hidden check-in: `at` is its place in `cell`, `from` and `to` bound its trajectory (to is after the end). */
export interface Hidden {
  readonly trajectory: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** A guesser ranks cells for a hidden check-in, best first: as many as it has an opinion on, up to five. */
export type Guesser = (hidden: Hidden) => number[];

export const BASELINE_NAMES = [
  "most visited cells",
  "previous place",
  "next place",
  "middle of the neighbours",
] as const;
export type BaselineName = (typeof BASELINE_NAMES)[number];

/** How many cells a baseline ranks. */
const RANKED = 5;

/** Visits of each cell in the given trajectories, [cellCount]. */
export function countVisits(
  { offsets, cell }: PlaceSequences,
  trajectories: ArrayLike<number>,
  cellCount: number,
): Uint32Array {
  const visits = new Uint32Array(cellCount);
  for (let i = 0; i < trajectories.length; i++) {
    const k = trajectories[i]!;
    for (let at = offsets[k]!; at < offsets[k + 1]!; at++) visits[cell[at]!]!++;
  }
  return visits;
}

/**
 * Perplexity per cell of guessing by visits alone: exp of the mean -log p over the hidden cells, where
 * p = (visits + 1) / (all visits + N), so that a cell never visited is possible.
 */
export function unigramPerplexity(visits: Uint32Array, hiddenCells: ArrayLike<number>): number {
  const total = visits.reduce((sum, n) => sum + n, visits.length);
  let sum = 0;
  for (let i = 0; i < hiddenCells.length; i++) {
    sum -= Math.log((visits[hiddenCells[i]!]! + 1) / total);
  }
  return Math.exp(sum / hiddenCells.length);
}

/** The most visited cells, best first; the lower number wins a tie. */
function findMostVisited(visits: Uint32Array): number[] {
  const best: number[] = [];
  visits.forEach((n, cell) => {
    if (best.length === RANKED && n <= visits[best[RANKED - 1]!]!) return;
    best.push(cell);
    best.sort((a, b) => visits[b]! - visits[a]! || a - b);
    if (best.length > RANKED) best.pop();
  });
  return best;
}

const RADIANS = Math.PI / 180;

/** Half-way along the great circle between two places, in degrees. */
export function midpoint(
  lat1: number,
  lng1: number,
  lat2: number,
  lng2: number,
): [lat: number, lng: number] {
  const [x, y, z] = [
    [lat1, lng1],
    [lat2, lng2],
  ].reduce(
    ([x, y, z], [lat, lng]) => [
      x! + Math.cos(lat! * RADIANS) * Math.cos(lng! * RADIANS),
      y! + Math.cos(lat! * RADIANS) * Math.sin(lng! * RADIANS),
      z! + Math.sin(lat! * RADIANS),
    ],
    [0, 0, 0],
  ) as [number, number, number];
  return [Math.atan2(z, Math.hypot(x, y)) / RADIANS, Math.atan2(y, x) / RADIANS];
}

/** Rings around a place at which the search for a cell that exists gives up, about 30 km at resolution 8. */
const MAX_RINGS = 32;

/** A search for the existing cells nearest to a place, best first; empty when none is within the rings. */
export function createNearestCells(
  table: CellTable,
  centres: { lat: Float64Array; lng: Float64Array },
): (lat: number, lng: number) => number[] {
  const index = indexCells(table);
  const find = (hash: string): number => index.find(hashToHi(hash), hashToLo(hash));
  return (lat, lng) => {
    const middle = latLngToCell(lat, lng, table.resolution);
    const km = (n: number): number => haversineKm(lat, lng, centres.lat[n]!, centres.lng[n]!);
    const within = (rings: number): number[] =>
      gridDisk(middle, rings)
        .map(find)
        .filter((n) => n >= 0);
    let rings = 1;
    while (rings < MAX_RINGS && within(rings).length === 0) rings *= 2;
    // a disc of rings is a hexagon: what is nearer than a cell at its corner may lie outside its edge
    return within(2 * rings)
      .sort((a, b) => km(a) - km(b))
      .slice(0, RANKED);
  };
}

/** The baselines over a study area; `visits` come from the training trajectories only. */
export function createBaselines({
  table,
  sequences: { cell },
  visits,
  centres = cellCentres(table),
}: {
  table: CellTable;
  sequences: PlaceSequences;
  visits: Uint32Array;
  centres?: { lat: Float64Array; lng: Float64Array };
}): Record<BaselineName, Guesser> {
  const mostVisited = findMostVisited(visits);
  const nearest = createNearestCells(table, centres);
  const previous: Guesser = ({ at, from }) => [cell[at > from ? at - 1 : at + 1]!];
  const next: Guesser = ({ at, to }) => [cell[at + 1 < to ? at + 1 : at - 1]!];
  const middle: Guesser = (hidden) => {
    const [a] = previous(hidden) as [number];
    const [b] = next(hidden) as [number];
    if (a === b) return [a];
    const { lat, lng } = centres;
    const found = nearest(...midpoint(lat[a]!, lng[a]!, lat[b]!, lng[b]!));
    return found.length > 0 ? found : [a];
  };
  return {
    "most visited cells": () => mostVisited,
    "previous place": previous,
    "next place": next,
    "middle of the neighbours": middle,
  };
}
