import { cellToLatLng, isValidCell, latLngToCell } from "h3-js";
import {
  cellParent,
  cellResolution,
  hashToHi,
  hashToLo,
  indexCells,
  parentTable,
  type CellTable,
} from "../geo/cells";
import { fieldText, type Field } from "./table-file";

/** A field as a cell hash, in lower case: hexadecimal text, or the 64-bit number as such or in decimals. Undefined for no cell. */
export function toHash(field: Field | undefined): string | undefined {
  const text = fieldText(field).trim().toLowerCase().replace(/^0x/, "");
  const isDecimal = /^\d{16,20}$/.test(text);
  const hash = isDecimal ? BigInt(text).toString(16) : text;
  return /^[0-9a-f]{15,16}$/.test(hash) && isValidCell(hash) ? hash.padStart(15, "0") : undefined;
}

/** Where the rows of one resolution gather: the cells themselves, or ancestors of which each passes its value on. */
export interface Level {
  readonly resolution: number;
  /** Places to gather at. */
  readonly count: number;
  /** Place of each cell of the table; undefined where places are cells. */
  readonly placeOf: Uint32Array | undefined;
  /** The place of a cell of this resolution, -1 for a stranger. */
  find(hi: number, lo: number): number;
}

/** Levels of a cell table, made when a row needs one: rows of finer cells gather at their ancestors. */
export function createLevels(cells: CellTable): (resolution: number) => Level {
  const levels = new Map<number, Level>();
  return (wanted) => {
    const resolution = Math.min(wanted, cells.resolution);
    const known = levels.get(resolution);
    if (known) return known;
    const isOwn = resolution === cells.resolution;
    const { parents, parentOf } = isOwn
      ? { parents: cells, parentOf: undefined }
      : parentTable(cells, resolution);
    const index = indexCells(parents);
    const level = {
      resolution,
      count: parents.hi.length,
      placeOf: parentOf,
      find: (hi: number, lo: number) => index.find(hi, lo),
    };
    levels.set(resolution, level);
    return level;
  };
}

/** The place of a hash among the levels of a table. */
export function findPlace(
  levelOf: (resolution: number) => Level,
  hash: string,
): { level: Level; place: number } {
  const halves: [number, number] = [hashToHi(hash), hashToLo(hash)];
  const level = levelOf(cellResolution(halves[0]));
  const isFiner = cellResolution(halves[0]) > level.resolution;
  const [hi, lo] = isFiner ? cellParent(...halves, level.resolution) : halves;
  return { level, place: level.find(hi, lo) };
}

/** The cell of a place, or undefined for coordinates that are none. */
export function placeToHash(lat: number, lng: number, resolution: number): string | undefined {
  const isPlace = Math.abs(lat) <= 90 && Math.abs(lng) <= 360;
  return isPlace ? latLngToCell(lat, lng, resolution) : undefined;
}

/** Middle of a cell, degrees. */
export const hashToPlace = (hash: string): [lat: number, lng: number] => cellToLatLng(hash);
