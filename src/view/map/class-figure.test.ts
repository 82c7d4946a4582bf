import { gridDisk, latLngToCell } from "h3-js";
import { expect, it } from "vitest";
import { CellTableBuilder } from "../../core/geo/cells";
import { classFigure } from "./class-figure";
import { scaleColor } from "./scale";

const builder = new CellTableBuilder();
gridDisk(latLngToCell(35.68, 139.76, 8), 2).forEach((hash) => builder.add(hash));
const cells = builder.build();
const N = cells.hi.length;

function figureOf(classCount: number): ReturnType<typeof classFigure> {
  const truth = Float32Array.from({ length: N }, (_, n) => n % classCount);
  const predicted = truth.map((k, n) => (n < N / 2 ? k : 0));
  const classes = Array.from({ length: classCount }, (_, k) => `class ${k}`);
  return classFigure({
    cells,
    truth,
    predicted,
    classes,
    unit: "kind",
    titles: ["Truth", "Inferred", "Right"],
  });
}

it("paints truth and inference alike, each class in the colour of its legend", () => {
  const { panels, entries } = figureOf(5);
  expect(panels.map(({ id }) => id)).toEqual(["truth", "predicted", "agreement"]);
  expect(panels[0]!.scale).toBe(panels[1]!.scale);
  for (const { name, color } of entries)
    expect(scaleColor(panels[0]!.scale!, Number(name.slice(6)))).toEqual(color);
  expect(new Set(entries.map(({ color }) => color.join()))).toHaveProperty("size", 5);
  expect(panels[0]!.format!(3)).toBe("class 3");
  expect(panels[0]!.format!(Number.NaN)).toBe("no value");
});

it("keeps up to 200 classes apart, those beyond nine in one colour", () => {
  const { panels, entries, otherCount } = figureOf(19);
  expect(otherCount).toBe(10);
  for (const { name, color } of entries)
    expect(scaleColor(panels[0]!.scale!, Number(name.slice(6)))).toEqual(color);
  const colors = Array.from({ length: 200 }, (_, k) => k);
  const many = classFigure({
    cells,
    truth: Float32Array.from({ length: N }, (_, n) => n),
    predicted: new Float32Array(N),
    classes: colors.map(String),
    unit: "",
    titles: ["", "", ""],
  });
  const shown = many.entries.map(({ name }) => scaleColor(many.panels[0]!.scale!, Number(name)));
  expect(shown).toEqual(many.entries.map(({ color }) => color));
});

it("says in numbers what the maps show", () => {
  const { twin, panels } = figureOf(2);
  const right = Array.from(panels[2]!.values!).filter((value) => value === 1).length;
  expect(twin.summary).toContain(`${right} of them inferred rightly`);
  expect(twin.rows.map(([name]) => name)).toEqual(["class 0", "class 1"]);
  expect(twin.rows[0]!.slice(1)).toEqual(["10", "14", "10"]);
  expect([0, 1, 0.5].map(panels[2]!.format!)).toEqual(["wrong", "right", "50% right"]);
});
