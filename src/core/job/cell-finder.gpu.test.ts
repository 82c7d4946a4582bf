import { expect, test } from "vitest";
import { locatePlaces, type Places } from "../data/points";
import { runSlices } from "../data/slices";
import { FootfallError } from "../errors";
import { CellTableBuilder } from "../geo/cells";
import type { Engine } from "../gpu/engine";
import { openCardLocator } from "../gpu/tokenise/locator";
import { createRandom } from "../random";
import { openCellFinder, withProcessor } from "./cell-finder";
import type { Session } from "./session";

const random = createRandom(123, "places");
const take = (from: number, span: number): Float64Array =>
  Float64Array.from({ length: 3000 }, () => from + span * random.uniform());
const PLACES: Places = { lat: take(35, 0.4), lng: take(139, 0.4) };

const sessionOn = (kind: Engine["kind"]): Session => ({
  readAsset: () => Promise.reject(new Error("nothing is shipped here")),
  engine: () => Promise.resolve({ kind } as Engine),
  kept: new Map(),
});

function onProcessor() {
  const cells = new CellTableBuilder(8);
  return { cell: runSlices(locatePlaces(PLACES, cells)), cells: cells.build() };
}

test("where models run on a graphics card, cells are found there, and are the processor's", async () => {
  const finder = await openCellFinder(8, sessionOn("webgpu"));
  const cells = new CellTableBuilder(8);
  const cell = await finder!.locate(PLACES, cells);
  expect({ cell, cells: cells.build() }).toEqual(onProcessor());
  expect(finder!.foundOn()).toMatch(/swiftshader/i);
  finder!.dispose();
});

test("elsewhere, and beyond what kernels can, the processor does", async () => {
  expect(await openCellFinder(8, sessionOn("wasm"))).toBeUndefined();
  expect(await openCellFinder(12, sessionOn("webgpu"))).toBeUndefined();
});

test("a card that fails loses nothing", async () => {
  const card = (await openCardLocator(8))!;
  const half = (from: number): Places => ({
    lat: PLACES.lat.subarray(from, from + 1500),
    lng: PLACES.lng.subarray(from, from + 1500),
  });
  let calls = 0;
  const finder = withProcessor({
    ...card,
    locate: (...given) =>
      ++calls === 1
        ? card.locate(...given)
        : Promise.reject(new FootfallError("device-lost", "the card is gone")),
  });
  const cells = new CellTableBuilder(8);
  const first = await finder.locate(half(0), cells);
  const second = await finder.locate(half(1500), cells);
  expect({ cell: Uint32Array.of(...first, ...second), cells: cells.build() }).toEqual(
    onProcessor(),
  );
  expect(finder.foundOn()).toBeUndefined();
  finder.dispose();
});
