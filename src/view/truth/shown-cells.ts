import { DEFAULT_K } from "../../core/data/privacy";
import { takeCells, type CellTable } from "../../core/geo/cells";
import type { InferenceResult } from "../../core/job/inference";
import type { TruthResult } from "../../core/job/truth";

/** What a map shows of a truth. */
export interface ShownTruth {
  readonly cells: CellTable;
  /** Deciles as 0 to 9, otherwise the truth's own values. [N] */
  readonly values: Float32Array;
  /** Cells with a value that too few people visited. */
  readonly hidden: number;
}

/** Cells with a value, without those that fewer than `k` real people visited (PV-02). */
export function shownTruth(
  { cells, truth, people }: Pick<TruthResult, "cells" | "truth" | "people">,
  k: number = DEFAULT_K,
): ShownTruth {
  const source = truth.scale === "decile" ? truth.columns[0]!.values : truth.values;
  const known = Uint32Array.from(source.keys()).filter((n) => !Number.isNaN(source[n]!));
  const rows = known.filter((n) => people === undefined || people[n]! >= k);
  return {
    cells: takeCells(cells, rows),
    values: Float32Array.from(rows, (n) => source[n]!),
    hidden: known.length - rows.length,
  };
}

/** What maps of an answer show: truth and answer of cells that enough real people visited (PV-02). */
export function shownAnswer(
  {
    cells,
    truth,
    predicted,
    people,
  }: Pick<InferenceResult, "cells" | "truth" | "predicted" | "people">,
  k: number,
): Pick<InferenceResult, "cells" | "truth" | "predicted"> & { hidden: number } {
  if (people === undefined) return { cells, truth, predicted, hidden: 0 };
  const rows = Uint32Array.from(people.keys()).filter((n) => people[n]! >= k);
  return {
    cells: takeCells(cells, rows),
    truth: Float32Array.from(rows, (n) => truth[n]!),
    predicted: Float32Array.from(rows, (n) => predicted[n]!),
    hidden: people.length - rows.length,
  };
}
