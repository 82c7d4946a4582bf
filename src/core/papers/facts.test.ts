import { expect, test } from "vitest";
import { DEFAULT_IMPORT } from "../job/import-rules";
import { appDefaults } from "./defaults";
import { FACTS, factNumber, LIMITS, REGISTER, RELATED } from "./facts";
import { faultOf, hasTexts, linesOf, needsTexts } from "./papers.testing";
import { HYPER_PARAMETERS } from "./published";

test.skipIf(!hasTexts)(
  `facts, register and limits stand in the lines they cite${needsTexts}`,
  () => {
    const sources = [...FACTS, ...REGISTER, ...LIMITS].map(({ source }) => source);
    expect(sources.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  },
);

test.skipIf(!hasTexts)(`the register has every detail of notes 1.1 to 1.3${needsTexts}`, () => {
  const lines = linesOf("notes");
  const end = lines.findIndex((line) => line.startsWith("## 1.4"));
  const details = lines.slice(0, end).flatMap((line, i) => {
    const isRow = line.startsWith("| ") && !line.startsWith("| Item");
    return isRow ? [i + 1] : [];
  });
  expect(REGISTER.map(({ source }) => source.line)).toEqual(details);
});

test("every entry has its own id, and what it says is said", () => {
  for (const list of [FACTS, REGISTER, LIMITS]) {
    const ids = list.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
  expect(REGISTER.filter(({ here, found }) => here.length < 5 || found.length < 5)).toEqual([]);
  expect(FACTS).toHaveLength(50);
  expect(REGISTER).toHaveLength(40);
});

test("a default that the register names is one of the app's, and has the value of the papers", () => {
  const defaults = appDefaults(DEFAULT_IMPORT.resolution);
  const used = new Set(REGISTER.flatMap(({ uses = [] }) => uses));
  expect([...used].filter((name) => !(name in defaults))).toEqual([]);
  expect(Object.keys(defaults).filter((name) => !used.has(name))).toEqual([]);
  expect(defaults).toMatchObject({
    resolution: factNumber("resolution"),
    windowMin: factNumber("window"),
    minCheckIns: factNumber("least-check-ins"),
    minCells: factNumber("least-cells"),
    maskRate: factNumber("mask-rate"),
    epochs: factNumber("epochs"),
    batch: HYPER_PARAMETERS.find(({ name }) => name === "Per-device batch size")!.preTraining,
    maxLength: HYPER_PARAMETERS.find(({ name }) => name === "Sequence max length")!.preTraining,
    rawPoints: factNumber("raw-length"),
    rawLength: factNumber("raw-length"),
    rawLearningRate: factNumber("raw-rate"),
    accumulation: factNumber("devices"),
  });
});

test("related works are dated and sourced, and their addresses are whole", () => {
  expect(RELATED.length).toBeGreaterThanOrEqual(18);
  for (const { link, year, source } of RELATED) {
    if (link !== undefined) expect(new URL(link).protocol).toBe("https:");
    expect(year).toBeGreaterThan(2015);
    expect(source).not.toBe("");
  }
});
