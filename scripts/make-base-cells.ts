/**
 * Makes src/core/geo/base-cells.json: which base cell each cell of a face's resolution 0 grid is, and by how many
 * times 60 degrees the digits below are turned there, by their first digit that is not 0. Learnt from h3-js.
 *
 *   npx esbuild scripts/make-base-cells.ts --bundle --packages=external --platform=node --format=esm \
 *     --outfile=build/make-base-cells.mjs && node build/make-base-cells.mjs
 */
import { writeFileSync } from "node:fs";
import { cellToLatLng, getPentagons, getRes0Cells, gridDisk, latLngToCell } from "h3-js";
import { cellBase, cellPath, hashToHi, hashToLo } from "../src/core/geo/cells";
import { CellEncoder } from "../src/core/geo/encode";
import { Climb, leadingDigit, rotateDigits } from "../src/core/geo/hex-digits";
import { createRandom } from "../src/core/random";

const OUT = "src/core/geo/base-cells.json";
const RESOLUTION = 5;
const UNSEEN = 7;
const encoder = new CellEncoder(RESOLUTION);
const climb = new Climb();
const baseCell = new Int32Array(20 * 25).fill(-1);
const turnsOf = new Uint8Array(20 * 25 * 7).fill(UNSEEN);

function learn(lat: number, lng: number): void {
  const place = { face: 0, i: 0, j: 0 };
  if (!encoder.locate(lat, lng, place)) return;
  climb.run(place.i, place.j, RESOLUTION);
  const slot = place.face * 25 + (climb.i + 2) * 5 + climb.j + 2;
  const hash = latLngToCell(lat, lng, RESOLUTION);
  const [hi, lo] = [hashToHi(hash), hashToLo(hash)];
  const base = cellBase(hi);
  if (baseCell[slot]! >= 0 && baseCell[slot] !== base) throw new Error(`two base cells at ${slot}`);
  baseCell[slot] = base;
  const lead = leadingDigit(climb.digits, RESOLUTION);
  if (lead === 0) {
    turnsOf[slot * 7] = 0;
    return;
  }
  const wanted = cellPath(hi, lo, 1, RESOLUTION);
  const turns = [0, 1, 2, 3, 4, 5].find((n) => rotateDigits(climb.digits, n) === wanted);
  const known = turnsOf[slot * 7 + lead]!;
  if (turns === undefined || (known !== UNSEEN && known !== turns)) {
    throw new Error(`no one way to turn digits at ${slot}, first digit ${lead}`);
  }
  turnsOf[slot * 7 + lead] = turns;
}

const random = createRandom(123, "base cells");
for (let n = 0; n < 2_000_000; n++) {
  learn((Math.asin(2 * random.uniform() - 1) * 180) / Math.PI, 360 * random.uniform() - 180);
}
// the corners where faces meet are small: look closely around every base cell's middle
const middles = [...getRes0Cells(), ...getPentagons(RESOLUTION)];
for (const cell of middles.flatMap((middle) =>
  gridDisk(latLngToCell(...cellToLatLng(middle), RESOLUTION), 40),
)) {
  const [lat, lng] = cellToLatLng(cell);
  for (let n = 0; n < 12; n++) {
    learn(
      Math.max(-90, Math.min(90, lat + 0.1 * (random.uniform() - 0.5))),
      Math.max(-180, Math.min(180, lng + 0.1 * (random.uniform() - 0.5))),
    );
  }
}
const entries = Array.from(baseCell, (base, slot) => {
  if (base < 0) return null;
  const turns = Array.from(turnsOf.subarray(slot * 7, slot * 7 + 7));
  return turns.reduce((entry, n, lead) => entry + n * 2 ** (7 + 3 * lead), base);
});
writeFileSync(OUT, `${JSON.stringify(entries)}\n`);
const seen = turnsOf.reduce((sum, n) => sum + Number(n !== UNSEEN), 0);
process.stdout.write(
  `${entries.filter((e) => e !== null).length} grid cells, ${seen} first digits\n`,
);
