import type { CellTable } from "../geo/cells";
import { ERRATA_CHECKS, type CheckRow } from "./errata-checks";
import errata from "./errata.json";
import type { Mark, Source } from "./sources";

/** A statement of the texts that does not hold as printed, or that can be misread (DC-08). */
export interface Erratum {
  /** From 1; the page and the documents cite it by this number. */
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly statement: string;
  readonly finding: string;
  /** How it may have come about, or what we do instead. */
  readonly reading: string;
  readonly mark: Mark;
  readonly sources: readonly Source[];
}

/** An erratum with its computation, worked out at this moment. */
export interface CheckedErratum extends Erratum {
  /** Empty where there is nothing to compute. */
  readonly rows: readonly CheckRow[];
}

export const ERRATA = errata as readonly Erratum[];

/** Every erratum with its computation run; `land` are the cells of resolution 8 of Japan's shape. */
export function computeErrata(land: CellTable): CheckedErratum[] {
  return ERRATA.map((erratum) => {
    return { ...erratum, rows: ERRATA_CHECKS[erratum.id]?.(land) ?? [] };
  });
}
