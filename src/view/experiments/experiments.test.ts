import { expect, test } from "vitest";
import { EXPERIMENTS, EXPERIMENT_WORDS } from "../../core/task/experiments/names";
import { summarise, type Reading } from "../../core/task/experiments/readings";
import { chartOptions } from "./ExperimentChart";
import { planText } from "./ExperimentForm";

test("the time says how many parts are kept from before", () => {
  const plan = { engine: "wasm", units: 6, known: 2, seconds: 90, facts: [] };
  expect(planText(plan)).toMatch(
    /^4 parts take about .* \(2 of 6 are kept from an earlier run\)\.$/,
  );
  expect(planText({ ...plan, known: 6 })).toBe("All parts are kept from an earlier run.");
});

test("every experiment has a chart of what it measures first, settings without numbers by their names", () => {
  for (const experiment of EXPERIMENTS) {
    const { chart } = EXPERIMENT_WORDS[experiment];
    const { measure, shape } = chart;
    const readings = ["first, one", "second"].flatMap((at, x): Reading[] =>
      [1, 2].map((seed) => ({ series: "a", at, x, measure, seed, value: seed + x })),
    );
    const points = summarise(readings);
    const longer = points.map((one) => ({ ...one, at: one.at.replace("first,", "learnt in") }));
    const { x, marks } = chartOptions({ chart, points, column: "settings" }, 600);
    expect(marks).toHaveLength(shape === "curves" ? 5 : 4);
    if (shape === "places") {
      const { ticks, tickFormat } = x as { ticks: number[]; tickFormat: (at: number) => string };
      expect(ticks.map(tickFormat)).toEqual(["first, one", "second"]);
      const narrow = chartOptions({ chart, points: longer, column: "settings" }, 200);
      const { tickFormat: inWords } = narrow.x as { tickFormat: (at: number) => string };
      expect([0, 1].map(inWords)).toEqual(["learnt\nin\none", "second"]);
      expect(narrow.marginBottom).toBeGreaterThan(48);
    }
  }
});
