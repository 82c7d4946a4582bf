import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeLand } from "../world/land";
import { computeErrata, ERRATA, type CheckedErratum } from "./errata";
import { ERRATA_CHECKS } from "./errata-checks";
import { faultOf, hasTexts, needsTexts } from "./papers.testing";

const land = decodeLand(readFileSync("public/data/land-r8.bin")).cells;
const checked = computeErrata(land);

const of = (id: string): CheckedErratum => checked.find((erratum) => erratum.id === id)!;
const values = (id: string): number[] => of(id).rows.map(({ value }) => value);

test.skipIf(!hasTexts)(`every erratum quotes a line that is there${needsTexts}`, () => {
  const faults = ERRATA.flatMap(({ sources }) => sources.map(faultOf));
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
});

test("errata are numbered from 1, and each computation belongs to one", () => {
  expect(ERRATA.map(({ number }) => number)).toEqual(ERRATA.map((_, i) => i + 1));
  const ids = ERRATA.map(({ id }) => id);
  expect(Object.keys(ERRATA_CHECKS).filter((id) => !ids.includes(id))).toEqual([]);
  const bare = checked.filter(({ rows }) => rows.length === 0).map(({ id }) => id);
  expect(bare).toEqual(["memory", "brackets"]);
});

test("a weighted recall is the plain accuracy, and 38 of 42 printed rows differ from it", () => {
  const [unlike, accuracy, recall, balanced] = values("accuracy");
  expect(recall).toBe(accuracy);
  expect(Math.abs(balanced! - accuracy!)).toBeGreaterThan(0.1);
  expect(of("accuracy").rows[0]!.unit).toBe("of 42");
  expect(unlike).toBe(38);
});

test("hierarchical vocabularies of Japan's shape lie around 2327, WordPiece's far away", () => {
  const sizes = of("first-perplexity").rows.filter(({ unit }) => unit === "tokens");
  const five = sizes.filter(({ what }) => what.startsWith("digits 5")).map(({ value }) => value);
  expect(five).toEqual([2565, 2278, 2243]);
  expect(values("first-perplexity")[0]).toBeCloseTo(7.752, 3);
});

test("few-shot has the higher R2 on diversity, and the exceptions are in Tables 9 to 11", () => {
  const rows = of("few-shot").rows.map(({ what }) => what);
  expect(rows).toContainEqual("Table 9, geographic diversity, R2: few-shot (random twin 0.249)");
  expect(rows.every((what) => /^Table (9|10|11),/.test(what))).toBe(true);
});

// By hand: p = 40,000 / 512,647; 1 - (1 - p) ^ 6, 18, 36.
test("two in five test hexagons have a neighbour in training, and nearly all one within three steps", () => {
  const [cells, one, two, three] = values("neighbours");
  expect(cells).toBeCloseTo(512_647, -1);
  expect([one, two, three].map((share) => Math.round(share!))).toEqual([39, 77, 95]);
});

test("half of RAW's box is 88.7 by 89.9 km; its sums are aliased and its means padded", () => {
  const [width, height, lng, lat] = values("raw-kilometres");
  expect([width, height].map((km) => km!.toFixed(1))).toEqual(["88.7", "89.9"]);
  expect([lng, lat].every((percent) => percent! > 11 && percent! < 13)).toBe(true);
  expect(values("raw-aliasing")).toEqual([2, 4, 0, 1]);
  expect(values("raw-padding")[1]).toBe(1);
});

test("the paper's two hashes lie four kilometres apart", () => {
  expect(values("functions")[0]).toBeGreaterThan(3);
  expect(values("functions")[0]).toBeLessThan(6);
});
