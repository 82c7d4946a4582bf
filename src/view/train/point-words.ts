import type { PointStatus } from "../../core/job/training-status";
import type { LossCurve } from "../chart/LossChart";
import { formatKm } from "../map/format";
import { formatCounted, formatPercent } from "../words";
import { curveOf, named, withPoints, type Level } from "./curves";
import { validationsOf } from "./words";

type Log = PointStatus["log"];

/** A squared error as people read it: 1.4e−4. */
export const formatError = (mse: number): string => mse.toExponential(1).replace("e-", "e−");

/** How much of the windows was filled in: where that is much, staying is right nearly always. */
export const filledText = (share: number): string =>
  `${formatPercent(share)} of the moments are filled in, no check-in stands behind them`;

/** Mean squared errors of training and validation. */
export function errorCurves(log: Log): LossCurve[] {
  return withPoints(
    (["train", "validation"] as const).map((split) =>
      curveOf(
        split,
        log.filter((row) => row.split === split),
        ({ loss }) => loss,
      ),
    ),
  );
}

/** Kilometres to the true next point, and after ten points that the model gave itself. */
export function kmCurves(log: Log): LossCurve[] {
  const rows = validationsOf(log);
  return withPoints([
    curveOf("next point", rows, ({ km }) => km),
    curveOf("RAW’s count", rows, ({ rawKm }) => rawKm),
    curveOf("tenth point", rows, ({ generationKm }) => generationKm),
  ]);
}

/** What a model must beat: guesses that need none (PT-12). */
export function errorLevels({ baselines }: Pick<PointStatus, "baselines">): Level[] {
  if (baselines === undefined) return [];
  const { persistence, linear, yesterday } = baselines;
  return [
    { name: `staying ${formatError(persistence.mse)}`, y: persistence.mse },
    { name: `going on ${formatError(linear.mse)}`, y: linear.mse },
    { name: `yesterday ${formatError(yesterday.mse)}`, y: yesterday.mse },
  ];
}

/** The same in kilometres on the globe. */
export function kmLevels({ baselines }: Pick<PointStatus, "baselines">): Level[] {
  if (baselines === undefined) return [];
  const { persistence, generationKm } = baselines;
  return [
    named("staying", persistence.km),
    ...(generationKm === undefined ? [] : [named("stay, tenth", generationKm)]),
  ];
}

/** What a run has learnt so far, beside what needs no model, in one sentence. */
export function pointFinding({
  log,
  baselines,
}: Pick<PointStatus, "log" | "baselines">): string | undefined {
  const last = validationsOf(log).at(-1);
  if (last?.km === undefined) return undefined;
  const raw = (rawKm: number | undefined, words: string): string =>
    rawKm === undefined ? "" : ` (${formatKm(rawKm)}${words})`;
  const rival = baselines
    ? `; staying where one is, ${formatKm(baselines.persistence.km)}${raw(baselines.persistence.rawKm, "")}`
    : "";
  const generated =
    last.generationKm === undefined || baselines?.generationKm === undefined
      ? ""
      : ` Left to go on by itself it is ${formatKm(last.generationKm)} off after ten points; staying, ${formatKm(baselines.generationKm)}.`;
  const when = last.step === 0 ? "Untrained," : `After ${formatCounted(last.step, "step")}`;
  return `${when} the next point is guessed ${formatKm(last.km)} off${raw(last.rawKm, " as RAW counts")}${rival}.${generated}`;
}
