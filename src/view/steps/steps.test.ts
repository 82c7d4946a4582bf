import { createElement, type ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { STEP_KINDS } from "../../notebook/kinds";
import { PageContext } from "../page-context";
import { GuessTable } from "./GuessTable";
import { InferenceScores } from "./InferenceScores";
import { finding } from "./InferenceStep";
import { chooseHidden, findingOf } from "./MaskedStep";
import { bestOf, type MeasureColumn } from "./measure-column";
import { INFERENCE, MASKED, MODEL, SCORE, STAGES } from "./outcomes.testing";
import { PieceTable } from "./PieceTable";
import { verdict } from "./ScoreStep";
import { STEP_VIEWS } from "./views";

const page = { basemap: new Promise<never>(() => undefined), isTest: true };

/** The text of a component, tags replaced by spaces. */
function textOf<Props extends object>(component: ComponentType<Props>, props: Props): string {
  const element = createElement(PageContext, { value: page }, createElement(component, props));
  return renderToStaticMarkup(element)
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

const masked = MASKED.masked[0]!;

/** What has no default. */
const NEEDED: Readonly<Record<string, Record<string, unknown>>> = {
  inference: { target: { field: "trees" } },
  forecast: { model: { source: "trained", run: "a1" } },
};

test("every kind of step has a view that speaks before there is an outcome", () => {
  expect(Object.keys(STEP_VIEWS).toSorted()).toEqual(Object.keys(STEP_KINDS).toSorted());
  for (const view of Object.values(STEP_VIEWS)) {
    const authored = NEEDED[view.kind] ?? {};
    const spec = view.toSpec(authored);
    const props = {
      spec,
      outcome: undefined,
      inputs: {},
      isSimulated: true,
      onChange: () => undefined,
    };
    expect(view.title(props)).toMatch(/\w/);
    expect(textOf(view.About, props).length).toBeGreaterThan(80);
  }
});

test("the guess list holds ten cells, their probabilities and the true cell with its own", () => {
  const text = textOf(GuessTable, { masked, time: "Tue 2 May, 15:00" });
  for (const { hash } of masked.guesses) expect(text).toContain(hash);
  expect(text).toContain("21%");
  expect(text).toContain(`${masked.truth} ✓`);
  expect(text).toContain("4.1%");
});

test("the sentence over the map names the distance and what it must beat", () => {
  expect(findingOf(masked)).toMatch(/first guess \(21%\) is 0\.\d+ km from the true cell/);
  expect(findingOf(masked)).toContain("7.3 km");
  const right = { ...masked, guesses: [{ hash: masked.truth, probability: 0.5, km: 0 }] };
  expect(findingOf(right)).toContain("is the true cell");
});

test("a click hides one place; with several at once it toggles, and one always stays hidden", () => {
  expect(chooseHidden([3], 5, false)).toEqual([5]);
  expect(chooseHidden([3], 1, true)).toEqual([1, 3]);
  expect(chooseHidden([1, 3], 3, true)).toEqual([1]);
  expect(chooseHidden([3], 3, true)).toEqual([3]);
});

test("the best of a column is known by its direction, and alone nobody is best", () => {
  const column: MeasureColumn<number | undefined> = {
    title: "km",
    value: (row) => row,
    format: String,
    better: "low",
  };
  expect(bestOf([3, undefined, 1], column)).toBe(1);
  expect(bestOf([3, 1], { ...column, better: "high" })).toBe(3);
  expect(bestOf([3, undefined], column)).toBeUndefined();
});

test("the verdict says so when the model does not beat a rule", () => {
  expect(verdict(SCORE.rows)).toContain("does not beat “middle of the neighbours” with 3.4 km");
  const better = SCORE.rows.map((row) => (row.isModel ? { ...row, medianKm: 2 } : row));
  expect(verdict(better)).toContain("within 2.0 km; the best rule");
});

test("the probe's scores stand for both ways of holding out, and the sentence quotes the first", () => {
  const text = textOf(InferenceScores, { scores: INFERENCE.scores, metric: INFERENCE.metric });
  for (const number of ["0.501", "0.132", "0.210", "−0.300"]) expect(text).toContain(number);
  expect(finding(INFERENCE)).toContain("reaches R2 0.50, better than");
  const worse = INFERENCE.scores.map((row) =>
    row.name === "coordinates alone" ? { ...row, metrics: { R2: 0.6 } } : row,
  );
  expect(finding({ ...INFERENCE, scores: worse })).toContain(
    "not better than coordinates alone (0.60)",
  );
});

test("the piece table holds every token number of the trajectory", () => {
  const text = textOf(PieceTable, {
    checkIns: STAGES.checkIns,
    times: STAGES.checkIns.map(() => "then"),
    chosen: 0,
    onChoose: () => undefined,
    onFind: () => undefined,
  });
  for (const { pieces } of STAGES.checkIns) {
    for (const { id } of pieces) expect(text).toContain(String(id));
  }
});

test("the model step holds both perplexities and the geography check", () => {
  const view = STEP_VIEWS["model"]!;
  const props = {
    spec: view.toSpec({}),
    outcome: MODEL as unknown,
    inputs: {},
    isSimulated: true,
    isStale: false,
    onChange: () => undefined,
  };
  const text = textOf(view.Figure!, props);
  for (const part of ["1,156,870", "2,601", "19.4", "375", "19.0 km", "512 km"]) {
    expect(text).toContain(part);
  }
});
