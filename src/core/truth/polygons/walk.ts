import { growFloat64, growInt32, growUint32, growUint8 } from "../../data/growing";
import type { CellTable } from "../../geo/cells";
import { polygonArea, polygonRange } from "../cover";
import { cellOutline, leafRange, type CellOutline, type CellTree } from "./cell-tree";
import { clipToBox, clipToConvex, isInRing } from "./clip";

/** Stands for the number of a piece where a ring holds the cell whole. */
export const WHOLE = -1;

/** A piece as large as its cell but for less than this is the cell. */
const WHOLE_SHARE = 1 - 1e-12;

/** Where rings meet cells: one entry for each ring (or piece of it) and cell, sorted by the cell's place. */
export interface Meetings {
  /** First entry of the cell at each place of the tree's order, and the end. */
  readonly start: Uint32Array; // [N + 1]
  readonly polygon: Uint32Array;
  /** Number of the piece of the ring in the cell, or `WHOLE`. */
  readonly piece: Int32Array;
  /** 1 where the ring goes around the cell's centre; counted once for each ring and cell. */
  readonly hasCentre: Uint8Array;
  /** First number of each piece in `coordinates`, and the end. */
  readonly pieceStart: Uint32Array;
  /** Longitude and latitude in turn, in degrees away from the cell's centre. */
  readonly coordinates: Float64Array;
}

/**
 * Takes rings down the tree of cells. At every node a ring is cut to the node's box, so that a long border costs
 * its length and not its length times its cells; a box within the ring needs no look at its cells.
 */
export class RingWalk {
  readonly #table: CellTable;
  readonly #outlines: (CellOutline | null | undefined)[] = [];
  readonly #place = growUint32();
  readonly #polygon = growUint32();
  readonly #piece = growInt32();
  readonly #hasCentre = growUint8();
  readonly #pieceStart = growUint32();
  readonly #coordinates = growFloat64();
  readonly tree: CellTree;

  constructor(table: CellTable, tree: CellTree) {
    this.#table = table;
    this.tree = tree;
    this.#pieceStart.push(0);
  }

  /** Number of entries so far. */
  get count(): number {
    return this.#place.length;
  }

  /** The outline of a cell, made when it is first asked for; null for a cell that holds a pole. */
  outline(place: number): CellOutline | null {
    return (this.#outlines[place] ??= cellOutline(this.#table, this.tree, place) ?? null);
  }

  /** Notes every cell that a ring (longitude and latitude in turn) of the polygon meets. */
  add(ring: readonly number[], polygon: number): void {
    this.#visit(1, ring, polygon);
  }

  #visit(node: number, ring: readonly number[], polygon: number): void {
    const clipped = clipToBox(ring, this.tree.boxes, 4 * node);
    if (clipped === "outside") return;
    if (clipped === "whole") this.#noteAll(node, polygon);
    else if (node >= this.tree.firstLeaf) this.#visitCells(node, clipped, polygon);
    else {
      this.#visit(2 * node, clipped, polygon);
      this.#visit(2 * node + 1, clipped, polygon);
    }
  }

  #noteAll(node: number, polygon: number): void {
    let [first, last] = [node, node];
    for (; first < this.tree.firstLeaf; first *= 2) last = 2 * last + 1;
    const [from] = leafRange(this.tree, first);
    const [, end] = leafRange(this.tree, last);
    for (let place = from; place < end; place++) this.#note(place, polygon, [WHOLE, 1]);
  }

  #visitCells(leaf: number, ring: readonly number[], polygon: number): void {
    const [bottom, top] = polygonRange(ring, 1);
    const [left, right] = polygonRange(ring, 0);
    const { lat, lng, reach, reachLng } = this.tree;
    const [from, end] = leafRange(this.tree, leaf);
    for (let place = from; place < end; place++) {
      const isNear =
        lat[place]! + reach > bottom &&
        lat[place]! - reach < top &&
        lng[place]! + reachLng[place]! > left &&
        lng[place]! - reachLng[place]! < right;
      if (isNear) this.#meet(place, ring, polygon);
    }
  }

  #meet(place: number, ring: readonly number[], polygon: number): void {
    const [lat, lng] = [this.tree.lat[place]!, this.tree.lng[place]!];
    let centre = Number(isInRing(ring, lng, lat)); // noted with the first piece
    const near = ring.map((value, i) => (i % 2 === 0 ? value - lng : value - lat));
    const parts = this.outline(place)?.parts ?? [];
    for (const part of parts) {
      const piece = clipToConvex(near, part);
      if (piece.length === 0) continue;
      const isWhole = parts.length === 1 && polygonArea(piece) > WHOLE_SHARE * polygonArea(part);
      this.#note(place, polygon, [isWhole ? WHOLE : this.#keep(piece), centre]);
      centre = 0;
    }
    if (centre === 1) this.#note(place, polygon, [this.#keep([]), 1]);
  }

  #keep(piece: readonly number[]): number {
    this.#coordinates.pushAll(piece);
    this.#pieceStart.push(this.#coordinates.length);
    return this.#pieceStart.length - 2;
  }

  #note(place: number, polygon: number, [piece, hasCentre]: readonly [number, number]): void {
    this.#place.push(place);
    this.#polygon.push(polygon);
    this.#piece.push(piece);
    this.#hasCentre.push(hasCentre);
  }

  /** All that was noted, sorted by place. */
  build(): Meetings {
    const places = this.#place.build();
    const start = new Uint32Array(this.tree.cellAt.length + 1);
    for (const place of places) start[place + 1]!++;
    for (let place = 0; place + 1 < start.length; place++) start[place + 1]! += start[place]!;
    const free = start.slice();
    const order = new Uint32Array(places.length);
    places.forEach((place, entry) => (order[free[place]!++] = entry));
    const [polygon, piece, hasCentre] = [
      this.#polygon.build(),
      this.#piece.build(),
      this.#hasCentre.build(),
    ];
    return {
      start,
      polygon: order.map((entry) => polygon[entry]!),
      piece: Int32Array.from(order, (entry) => piece[entry]!),
      hasCentre: Uint8Array.from(order, (entry) => hasCentre[entry]!),
      pieceStart: this.#pieceStart.build(),
      coordinates: this.#coordinates.build(),
    };
  }
}
