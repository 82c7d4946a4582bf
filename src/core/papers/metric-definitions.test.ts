import { expect, test } from "vitest";
import { defineMetrics } from "./metric-definitions";

/** The worked examples once more, by arithmetic alone. */
const BY_HAND: Record<string, number> = {
  accuracy: 7 / 10,
  "balanced accuracy": (5 / 6 + 2 / 3 + 0) / 3,
  precision: (6 * (5 / 7) + 3 * (2 / 3)) / 10,
  recall: (6 * (5 / 6) + 3 * (2 / 3)) / 10,
  F: (6 * (10 / 13) + 3 * (4 / 6)) / 10,
  "mean decile distance": (1 + 0 + 3) / 3,
  "Kendall’s tau": (5 - 1) / 6,
  MAE: (1 + 0 + 1 + 2) / 4,
  MAPE: (1 / 2 + 0 + 1 / 6 + 2 / 8) / 4,
  RMSE: Math.sqrt((1 + 0 + 1 + 4) / 4),
  R2: 1 - 6 / (9 + 1 + 1 + 9),
  Pearson: 22 / Math.sqrt(20 * 29),
  "Acc@1": 1 / 4,
  "Acc@5": 3 / 4,
  MRR: (1 + 1 / 3 + 0 + 1 / 2) / 4,
  perplexity: Math.sqrt(2 * 8),
  haversine: (6371.0088 * Math.PI) / 180,
  DTW: 0 + 1 + 0,
  "GEO-BLEU": Math.sqrt(((1 + 0.6065) / 2) * 0.6065),
};

test("every worked example comes to what the app's own function gives", () => {
  const values = Object.fromEntries(defineMetrics().map(({ name, value }) => [name, value]));
  expect(Object.keys(values)).toEqual(Object.keys(BY_HAND));
  for (const [name, byHand] of Object.entries(BY_HAND)) {
    expect(values[name], name).toBeCloseTo(byHand, 4);
  }
});
