import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { finish } from "../pace";
import { createRandom } from "../random";
import { allRows, applyLinear, largestOutput, type Matrix } from "./linear-model";
import { fitLogistic, logLoss, softmaxRows } from "./logistic";
import { cholesky, fitRidge } from "./ridge";

const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/metrics.json", import.meta.url), "utf8"),
);
/** Direct solves of the same equations in another order. */
const RIDGE_DIGITS = 9;
/** Two minimisers, each stopped at its own tolerance. */
const LOGISTIC_DIGITS = 6;

const toMatrix = (values: number[], width: number): Matrix => ({
  data: Float64Array.from(values),
  width,
});

describe("fitRidge", () => {
  const { width, targetCount, trainCount, features, targets, cases } = reference.ridge;
  const x = toMatrix(features, width);
  const y = toMatrix(targets, targetCount);
  const held = allRows(features.length / width).slice(trainCount);

  it("predicts what scikit-learn's Ridge predicts, for every lambda", async () => {
    const lambdas = cases.map((one: { lambda: number }) => one.lambda);
    const models = await finish(fitRidge(x, y, allRows(trainCount), { lambdas }));
    models.forEach((model, m) => {
      const predicted = applyLinear(model, x, held);
      cases[m].predicted.forEach((value: number, i: number) => {
        expect(predicted[i]).toBeCloseTo(value, RIDGE_DIGITS);
      });
    });
  });

  it("ignores a column that never changes", async () => {
    const data = Float64Array.from([0.1, 1, 0.1, 2, 0.1, 4]);
    const [model] = await finish(
      fitRidge({ data, width: 2 }, toMatrix([1, 2, 4], 1), allRows(3), { lambdas: [1e-9] }),
    );
    expect(model!.weights[0]).toBeCloseTo(0);
    expect(applyLinear(model!, { data, width: 2 }, allRows(3))[2]).toBeCloseTo(4, 6);
  });

  it("says so when the matrix has no factor", () => {
    expect(() => cholesky(Float64Array.from([1, 1, 1, 1]), 2)).toThrow(/repeats/);
  });
});

describe("fitLogistic", () => {
  const { width, classCount, trainCount, features, classes, cases } = reference.logistic;
  const x = toMatrix(features, width);
  const held = allRows(classes.length).slice(trainCount);

  it.each([0, 1, 2])("gives scikit-learn's probabilities, case %i", async (n) => {
    const { lambda, probabilities } = cases[n];
    const options = { classCount, lambda, tolerance: 1e-9, maxSteps: 1000 };
    const model = await finish(fitLogistic(x, classes, allRows(trainCount), options));
    const ours = softmaxRows(applyLinear(model, x, held), classCount);
    probabilities.forEach((p: number, i: number) => {
      expect(ours[i]).toBeCloseTo(p, LOGISTIC_DIGITS);
    });
  });

  it("stops when told", async () => {
    const stop = AbortSignal.abort();
    const fit = fitLogistic(x, classes, allRows(60), { classCount, lambda: 1, signal: stop });
    await expect(finish(fit)).rejects.toMatchObject({ code: "stopped" });
  });

  it("separates 2,000 rows of 128 features into 10 classes", async () => {
    const random = createRandom(1, "speed");
    const data = Float32Array.from({ length: 2000 * 128 }, () => random.normal());
    const truth = Uint8Array.from({ length: 2000 }, (_, i) =>
      Math.min(9, Math.max(0, Math.floor(5 + 2 * data[i * 128]! + random.normal()))),
    );
    const fit = fitLogistic({ data, width: 128 }, truth, allRows(2000), {
      classCount: 10,
      lambda: 20,
    });
    const model = await finish(fit);
    const logits = applyLinear(model, { data, width: 128 }, allRows(2000));
    expect(logLoss(logits, truth, 10)).toBeLessThan(Math.log(10) - 0.5);
    const guessed = largestOutput(logits, 10);
    expect(guessed.filter((k, i) => k === truth[i]).length).toBeGreaterThan(2000 * 0.3);
  });
});
