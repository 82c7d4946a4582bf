import { expect, test } from "vitest";
import { scaledSettings, type TableSettings } from "../../../core/task/table/settings";
import type { TaskFacts } from "../../../core/task/tasks/types";
import { LOSS_TOLERANCE, lossesApart, tableLines } from "./lines";
import { measureTables, type TableTimes } from "./measure";
import { findTorch } from "./torch";

const python = await findTorch();
const asked = { threads: 1, note: () => {}, signal: new AbortController().signal };

/** Few examples, so that it is soon done; the learning rate is that of the tables. */
function settingsOf(task: TaskFacts): TableSettings {
  const scaled = scaledSettings(task);
  const pooling = task.isPair ? "pair" : task.answer === "classes" ? "mean" : "cls";
  const samples = task.isPair ? 80 : 200;
  return { ...scaled, samples, training: { ...scaled.training, epochs: 2, pooling } };
}

// where PyTorch is missing npm test counts the tests of scale/ as skipped, and this one with them
test.skipIf(python === undefined)(
  "rows learn the same in Footfall and in PyTorch: classes by the mean, numbers by [CLS], pairs apart",
  { timeout: 480_000 },
  async () => {
    const tasks = ["prefecture", "location", "follows"] as const;
    const tables = await measureTables({ ...asked, tasks, settingsOf });
    for (const { rows } of tables) {
      expect(rows).toHaveLength(7);
      for (const { row, footfall, torch } of rows) {
        expect(footfall.epochs).toHaveLength(row === "zero-shot" ? 1 : 3);
        expect(torch!.epochs, row).toHaveLength(footfall.epochs.length);
        expect(lossesApart(footfall, torch!), row).toBeLessThan(LOSS_TOLERANCE);
      }
    }
    const text = tableLines(tables[0]!).join("\n");
    expect(text).toContain("The losses of all epochs agree within 0.5 %");
    expect(text).toMatch(/\| \*\*all seven\*\* \| [\d.]+ s /);
  },
);

test("the table says where PyTorch is missing, and where it did something else", () => {
  const run = (test: number) => ({
    seconds: 2,
    processorSeconds: 3,
    epochs: [{ validation: 1, test }],
  });
  const rows = [{ row: "random", footfall: run(1) }] as const;
  const facts = {
    task: "water",
    examples: 10,
    tokens: 40,
    epochs: 1,
    batch: 8,
    engine: "wasm",
  } as const;
  const alone: TableTimes = { ...facts, torch: undefined, rows };
  expect(tableLines(alone)[0]).toContain("no Python with PyTorch was found");
  const both: TableTimes = { ...facts, torch: "PyTorch", rows: [{ ...rows[0], torch: run(1.1) }] };
  expect(tableLines(both)[0]).toContain(
    "**The losses of BERT, randomly initialised lie further apart",
  );
});
