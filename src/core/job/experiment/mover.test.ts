import { gridDisk } from "h3-js";
import { expect, test } from "vitest";
import { cellCentres, cellHash, CellTableBuilder, haversineKm } from "../../geo/cells";
import { createDigits } from "../../token/digits";
import { CellMover } from "./mover";

test("cells are moved by metres, and new ones are written like the others", () => {
  const builder = new CellTableBuilder();
  gridDisk("882e601a5dfffff", 6).forEach((hash) => builder.add(hash));
  const cells = builder.build();
  const mover = new CellMover(cells, cellCentres(cells));
  expect(mover.move(0, 0, 0)).toBe(0);
  const near = mover.move(0, 900, -900);
  expect(near).toBeLessThan(cells.hi.length);
  const far = mover.move(0, 0, 9000);
  expect(far).toBe(cells.hi.length); // the first that the table does not have

  const tokeniser = createDigits({ resolution: 8, parents: 5, groups: [3] }, cells);
  const pieces = tokeniser.encodeCells(cells);
  const { offsets, tokens } = mover.extend(pieces, tokeniser);
  expect(offsets).toHaveLength(cells.hi.length + 2);
  expect(tokens.subarray(0, pieces.tokens.length)).toEqual(pieces.tokens);
  expect(offsets[far + 1]! - offsets[far]!).toBe(2);
  const { lat, lng } = cellCentres(cells);
  const km = haversineKm(lat[0]!, lng[0]!, lat[near]!, lng[near]!);
  expect(Math.abs(km - 0.9 * Math.SQRT2)).toBeLessThan(0.6); // to the middle of the cell there
  expect(cellHash(cells, near)).not.toBe(cellHash(cells, 0));
});
