import { useMemo } from "react";
import type { JSX } from "react";
import { CellMap } from "./CellMap";
import type { CellMapProps } from "./CellMap";
import { sharedScale } from "./scale";

export interface CoverageMapProps extends Omit<CellMapProps, "values" | "scale" | "format"> {
  /** Check-ins, or whatever is counted, per cell. [N] */
  counts: ArrayLike<number>;
}

/** Where there is data, and how much: counts per cell on a log scale (paper 1, Figure 2). */
export function CoverageMap({ counts, ...rest }: CoverageMapProps): JSX.Element {
  const { unit = "check-ins per cell" } = rest;
  const scale = useMemo(
    () => sharedScale([counts], { kind: "log", unit, clipShare: 0.0005 }),
    [counts, unit],
  );
  return <CellMap {...rest} unit={unit} values={counts} scale={scale} />;
}
