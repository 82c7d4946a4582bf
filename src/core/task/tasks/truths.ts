import { FootfallError } from "../../errors";
import { numberTruth } from "../../truth/layer-numbers";
import type { LayerTruth } from "../../truth/layer-types";
import { ROLE_WORDS, type TaskData, type TruthRole } from "./types";

/** The truth of a role. Throws "missing-file" with the kind of layer that is missing. */
export function needTruth({ truths }: TaskData, role: TruthRole, title: string): LayerTruth {
  const truth = truths[role];
  if (truth) return truth;
  throw new FootfallError(
    "missing-file",
    `${title}: these data have no truth for it; give ${ROLE_WORDS[role]}`,
  );
}

/** The same, of classes. Throws "bad-input" for numbers. */
export function needClasses(
  data: TaskData,
  role: TruthRole,
  title: string,
): LayerTruth & { classes: readonly string[] } {
  const truth = needTruth(data, role, title);
  const { classes } = truth;
  if (classes) return { ...truth, classes };
  throw new FootfallError(
    "bad-input",
    `${title}: "${truth.title}" has numbers, expected classes; choose a column of names, or ${ROLE_WORDS[role]}`,
  );
}

/** The same, of tenths: a layer of numbers is cut into ten classes of equal size over all of its cells. */
export function needDeciles(data: TaskData, role: TruthRole, title: string): LayerTruth {
  const truth = needTruth(data, role, title);
  if (truth.classes || truth.scale === "decile") return truth;
  return numberTruth(truth.values, { ...truth, isShare: false, deciles: true });
}

/** A ratio of areas may end a little above 1. */
const ABOVE_ONE = 1e-3;

/** The same, of shares of the cell. Throws "bad-input" for classes and for numbers outside 0 to 1. */
export function needShares(data: TaskData, role: TruthRole, title: string): LayerTruth {
  const truth = needTruth(data, role, title);
  const known = truth.values.filter((value) => !Number.isNaN(value));
  const [least, most] = known.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const isShare = known.length === 0 || (least >= 0 && most <= 1 + ABOVE_ONE);
  if (!truth.classes && isShare) return { ...truth, scale: "share" };
  const [from, to] = [least, most].map((end) => Number(end.toPrecision(3)));
  const came = truth.classes ? "classes" : `numbers from ${from} to ${to}`;
  throw new FootfallError(
    "bad-input",
    `${title}: "${truth.title}" has ${came}, expected shares of the cell, 0 to 1; choose a share as its statistic, or ${ROLE_WORDS[role]}`,
  );
}

/** Below this share of labelled items the page says so. */
const SPARSE_SHARE = 0.5;

/** What must be said where few items have a label; empty otherwise. */
export function coverageNotes(labelled: number, all: number, unit: string): string[] {
  if (labelled >= SPARSE_SHARE * all) return [];
  const percent = ((100 * labelled) / all).toPrecision(2);
  return [
    `only ${labelled.toLocaleString("en")} of ${all.toLocaleString("en")} ${unit} have a truth (${percent} %): scores are of those alone`,
  ];
}

/** Numbers 0 .. count - 1 that pass. */
export function selectNumbers(count: number, isWanted: (n: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: count }, (_, n) => n).filter(isWanted);
}
