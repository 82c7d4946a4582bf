import { growFloat64, growUint32, growUint8 } from "../../data/growing";
import { FootfallError } from "../../errors";
import { cellCentres, type CellTable } from "../../geo/cells";
import { createPace, type Progress } from "../../pace";
import { describeExtent, liesWithin } from "../extent";
import { buildCellTree, type CellOutline } from "./cell-tree";
import type { PolygonLayer } from "./layer";
import { ringArea, sweepAreas, type Piece } from "./sweep";
import { RingWalk, WHOLE, type Meetings } from "./walk";

/** Groups of features (those of one class, or single ones) in the cells of a table. */
export interface Overlay {
  /** Number of the cell in the table at each place. */
  readonly cellAt: Uint32Array; // [N]
  /** First entry of the cell at each place, and the end. */
  readonly start: Uint32Array; // [N + 1]
  /** Group of each entry; a cell's groups rise. */
  readonly group: Uint32Array;
  /** Share of the cell, 0 to 1, that the union of the group's features covers. */
  readonly share: Float64Array;
  /** 1 where the cell's centre lies in one of the group's features. */
  readonly hasCentre: Uint8Array;
  /** Share of the cell at each place that the union of all groups covers. */
  readonly covered: Float64Array; // [N]
}

/** Group of a feature that takes no part. */
export const NO_GROUP = -1;

/** A share below this is the rounding of a border that two cells have in common. */
const TOUCH = 1e-9;

/** What is known of one polygon in one cell. */
interface Local {
  readonly group: number;
  isWhole: boolean; // an odd number of its rings hold the cell whole
  hasCentre: boolean;
  readonly pieces: ArrayLike<number>[];
}

/** One group's part of one cell. */
interface Part {
  readonly group: number;
  share: number;
  hasCentre: boolean;
}

function* ringsOf(
  { shapes: { coordinates, ringStart, polygonOf, featureOf } }: PolygonLayer,
  groupOf: ArrayLike<number>,
): Generator<[ring: Float64Array, polygon: number]> {
  for (let ring = 0; ring < polygonOf.length; ring++) {
    const polygon = polygonOf[ring]!;
    if (groupOf[featureOf[polygon]!] === NO_GROUP) continue;
    yield [coordinates.subarray(2 * ringStart[ring]!, 2 * ringStart[ring + 1]!), polygon];
  }
}

/** The ring where the map has it, and a turn around the globe to either side: longitudes may leave -180 to 180. */
function turnedRings(ring: Float64Array): number[][] {
  return [0, -360, 360].map((turn) =>
    Array.from(ring, (value, i) => (i % 2 === 0 ? value + turn : value)),
  );
}

/** The polygons of the cell at a place. */
function gather(
  meetings: Meetings,
  place: number,
  groupOfPolygon: (polygon: number) => number,
): Local[] {
  const locals = new Map<number, Local>();
  for (let entry = meetings.start[place]!; entry < meetings.start[place + 1]!; entry++) {
    const polygon = meetings.polygon[entry]!;
    let local = locals.get(polygon);
    if (local === undefined) {
      local = { group: groupOfPolygon(polygon), isWhole: false, hasCentre: false, pieces: [] };
      locals.set(polygon, local);
    }
    if (meetings.hasCentre[entry] === 1) local.hasCentre = !local.hasCentre;
    const piece = meetings.piece[entry]!;
    if (piece === WHOLE) local.isWhole = !local.isWhole;
    else {
      const [from, end] = [meetings.pieceStart[piece]!, meetings.pieceStart[piece + 1]!];
      if (end > from) local.pieces.push(meetings.coordinates.subarray(from, end));
    }
  }
  return [...locals.values()];
}

/** Shares of groups of which no polygon needs measuring: it holds the cell or has no part of it. */
function shareOut(locals: readonly Local[]): Map<number, Part> {
  const parts = new Map<number, Part>();
  for (const { group, isWhole, hasCentre, pieces } of locals) {
    let part = parts.get(group);
    if (part === undefined) parts.set(group, (part = { group, share: 0, hasCentre: false }));
    part.hasCentre ||= hasCentre;
    if (isWhole && pieces.length === 0) part.share = 1;
  }
  return parts;
}

/** Measures what is left, and gives the share that all groups together cover. */
function measure(locals: readonly Local[], parts: Map<number, Part>, outline: CellOutline): number {
  const open = locals.filter(({ pieces }) => pieces.length > 0);
  const groups = [...parts.values()];
  const isAll = groups.some(({ share }) => share === 1);
  const numberOf = new Map(groups.map(({ group }, i) => [group, i]));
  const pieces: Piece[] = open.flatMap((local, polygon) => {
    const rings = local.isWhole ? [outline.whole, ...local.pieces] : local.pieces;
    return rings.map((coordinates) => ({ coordinates, polygon }));
  });
  const groupOf = open.map(({ group }) => numberOf.get(group)!);
  const areas = sweepAreas(pieces, groupOf, [groups.length, outline.lat]);
  const area = ringArea(outline.whole, outline.lat);
  groups.forEach((part, i) => {
    if (part.share < 1) part.share = Math.min(1, areas.groups[i]! / area);
  });
  return isAll ? 1 : Math.min(1, areas.all / area);
}

/** Measures the cells one by one and collects the result. */
class OverlayBuilder {
  readonly #walk: RingWalk;
  readonly #meetings: Meetings;
  readonly #group = growUint32();
  readonly #share = growFloat64();
  readonly #hasCentre = growUint8();
  readonly #start: Uint32Array;
  readonly #covered: Float64Array;
  readonly #groupOf: (polygon: number) => number;

  constructor(walk: RingWalk, groupOf: (polygon: number) => number) {
    this.#walk = walk;
    this.#meetings = walk.build();
    this.#groupOf = groupOf;
    this.#start = new Uint32Array(walk.tree.cellAt.length + 1);
    this.#covered = new Float64Array(walk.tree.cellAt.length);
  }

  /** Most cells of a layer of large polygons lie in one of them; that needs no measuring. */
  #findOnly(place: number): number | undefined {
    const entry = this.#meetings.start[place]!;
    const isOnly = this.#meetings.start[place + 1] === entry + 1;
    return isOnly && this.#meetings.piece[entry] === WHOLE ? entry : undefined;
  }

  #note({ group, share, hasCentre }: Part): void {
    this.#group.push(group);
    this.#share.push(share < TOUCH ? 0 : share);
    this.#hasCentre.push(Number(hasCentre));
  }

  measure(place: number): void {
    const only = this.#findOnly(place);
    if (only === undefined) this.#measureParts(place);
    else {
      this.#covered[place] = 1;
      this.#note({
        group: this.#groupOf(this.#meetings.polygon[only]!),
        share: 1,
        hasCentre: true,
      });
    }
    this.#start[place + 1] = this.#group.length;
  }

  #measureParts(place: number): void {
    const locals = gather(this.#meetings, place, this.#groupOf);
    const parts = shareOut(locals);
    const isOpen = locals.some(({ pieces }) => pieces.length > 0);
    const outline = isOpen ? this.#walk.outline(place) : null;
    if (outline !== null) this.#covered[place] = measure(locals, parts, outline);
    else this.#covered[place] = [...parts.values()].some(({ share }) => share === 1) ? 1 : 0;
    for (const part of [...parts.values()].sort((a, b) => a.group - b.group)) {
      if (part.share >= TOUCH || part.hasCentre) this.#note(part);
    }
  }

  build(): Overlay {
    return {
      cellAt: this.#walk.tree.cellAt,
      start: this.#start,
      group: this.#group.build(),
      share: this.#share.build(),
      hasCentre: this.#hasCentre.build(),
      covered: this.#covered,
    };
  }
}

/** True where the centre of some cell lies in the layer's box. */
function meets({ bounds }: PolygonLayer, table: CellTable): boolean {
  const { lat, lng } = cellCentres(table);
  return lat.some((degree, n) => liesWithin(bounds, degree, lng[n]!));
}

/** The one sentence for a layer and cells that do not meet. */
function refuseApart(layer: PolygonLayer, table: CellTable): FootfallError {
  return new FootfallError(
    "no-data",
    `${layer.name} covers ${describeExtent(layer.bounds)}, but the cells lie at ` +
      `${describeExtent(cellCentres(table))}: no cell lies in it`,
  );
}

export interface OverlayOptions {
  /** Group of each feature, 0 and up, or `NO_GROUP`. */
  readonly groupOf: ArrayLike<number>; // [F]
  /** True where no share at all is an answer, as long as the cells lie in the layer's box. */
  readonly mayMiss?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Shares of cells that groups of features cover. Measured on an equal-area map, edges being straight in degrees; a cell that holds a pole has no
 * shares. Throws "no-data" where no feature that takes part meets a cell, "stopped".
 */
export async function* overlayCells(
  layer: PolygonLayer,
  table: CellTable,
  { groupOf, mayMiss = false, signal }: OverlayOptions,
): AsyncGenerator<Progress, Overlay, void> {
  const pace = createPace(signal);
  const walk = new RingWalk(table, await buildCellTree(table, pace));
  const total = layer.shapes.featureOf.length;
  for (const [ring, polygon] of ringsOf(layer, groupOf)) {
    for (const turned of turnedRings(ring)) walk.add(turned, polygon);
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "lay the polygons on the cells", done: polygon, total, unit: "polygons" };
  }
  if (walk.count === 0 && !(mayMiss && meets(layer, table))) throw refuseApart(layer, table);
  const { featureOf } = layer.shapes;
  const builder = new OverlayBuilder(walk, (polygon) => groupOf[featureOf[polygon]!]!);
  const cells = table.hi.length;
  for (let place = 0; place < cells; place++) {
    builder.measure(place);
    if (!pace.due()) continue;
    await pace.rest();
    yield { phase: "measure the cells", done: place, total: cells, unit: "cells" };
  }
  return builder.build();
}
