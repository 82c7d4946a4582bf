import type { CellTable } from "../geo/cells";
import { createRandom } from "../random";

/** Some of the usable rows, drawn by seed; all of them, shuffled, where fewer are there than wanted. */
export function drawSample(
  usable: Uint32Array,
  wanted: number,
  seed: number,
  name: string = "cells of the probe",
): Uint32Array {
  const known = usable.slice();
  const random = createRandom(seed, name);
  const count = Math.min(wanted, known.length);
  for (let i = 0; i < count; i++) {
    const j = i + random.integer(known.length - i); // Fisher and Yates, only as far as needed
    [known[i], known[j]] = [known[j]!, known[i]!];
  }
  return known.slice(0, count);
}

/** Some rows of a table of cells. */
export const takeCells = ({ resolution, hi, lo }: CellTable, rows: Uint32Array): CellTable => ({
  resolution,
  hi: Uint32Array.from(rows, (row) => hi[row]!),
  lo: Uint32Array.from(rows, (row) => lo[row]!),
});
