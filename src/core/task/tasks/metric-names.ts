/** What a score is called, and which way is better. */
export interface Metric {
  readonly title: string;
  readonly better: "more" | "less";
  /** Undefined for shares and pure numbers; "target" for that of the task. */
  readonly unit?: string;
}

/** All scores of all tables; formulas stand in docs/metrics.md. */
export const METRICS = {
  accuracy: { title: "Accuracy", better: "more" },
  balancedAccuracy: { title: "Balanced accuracy", better: "more" },
  precision: { title: "Precision", better: "more" },
  recall: { title: "Recall", better: "more" },
  f: { title: "F-Score", better: "more" },
  deciles: { title: "Mean decile distance", better: "less" },
  kendall: { title: "Kendall's tau", better: "more" },
  mae: { title: "MAE", better: "less", unit: "target" },
  mape: { title: "MAPE", better: "less" },
  rmse: { title: "RMSE", better: "less", unit: "target" },
  r2: { title: "R2", better: "more" },
  latMae: { title: "Latitude MAE", better: "less", unit: "degrees" },
  latRmse: { title: "Latitude RMSE", better: "less", unit: "degrees" },
  lngMae: { title: "Longitude MAE", better: "less", unit: "degrees" },
  lngRmse: { title: "Longitude RMSE", better: "less", unit: "degrees" },
  km: { title: "Mean distance", better: "less", unit: "km" },
  medianKm: { title: "Median distance", better: "less", unit: "km" },
  hits1: { title: "Acc@1", better: "more" },
  hits5: { title: "Acc@5", better: "more" },
  hits10: { title: "Acc@10", better: "more" },
  mrr: { title: "MRR", better: "more" },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** What a score can be at least and at most: an interval of few seeds reaches beyond. */
export function metricRange(name: string): readonly [least: number, most: number] {
  const metric = name in METRICS ? METRICS[name as MetricName] : undefined;
  if (metric === undefined) return [-Infinity, Infinity];
  if (metric.better === "less") return [0, Infinity];
  return [name === "r2" ? -Infinity : name === "kendall" ? -1 : 0, 1];
}

/** Scores by name; one that makes no sense here is absent: no NaN is in any table. */
export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

/** True where `a` is a better score than `b`; any is better than none. */
export function isBetter(name: MetricName, a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a !== undefined;
  return METRICS[name].better === "more" ? a > b : a < b;
}
