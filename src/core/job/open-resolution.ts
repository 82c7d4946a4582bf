import { trajectoriesOf } from "../data/columnar/tables";
import type { Trajectories } from "../data/trajectories";
import { splitTrajectories } from "../data/splits";
import { FootfallError } from "../errors";
import {
  cellDescendant,
  CellTableBuilder,
  indexCells,
  parentTable,
  type CellTable,
} from "../geo/cells";
import type { Progress } from "../pace";
import { coarsen } from "./coarsen";
import type { DatasetSpec } from "./dataset";
import { simulateTrajectories, type Dataset } from "./open-dataset";
import { keep, type Session } from "./session";

/** A data set's trajectories in cells of another resolution, with the cells that vocabularies are made of. */
export interface Resampled {
  readonly key: string;
  readonly resolution: number;
  /** Cells that the trajectories count in, and that vocabularies are trained on: the area's, or a sample of them. */
  readonly cells: CellTable;
  /** Number of all cells of the area. */
  readonly areaCount: number;
  readonly trajectories: Trajectories;
  readonly parts: Uint8Array;
  readonly test: Uint32Array;
  /** Trajectories of the data set that the filters drop at this resolution. */
  readonly droppedTrajectories: number;
  /** Every cell of the area, made when asked for: at resolution 9 the country has four million. */
  allCells(): CellTable;
}

/** A country's points are known to about 100 m, and its area at 10 would have 28 million cells. */
const COUNTRY_RESOLUTIONS = [6, 7, 8, 9];
const COARSEST = 5;

/** Resolutions that a data set can be looked at, coarse to fine: cells read from a file get no finer. */
export function resolutionsOf({ geography, cells: { resolution } }: Dataset): number[] {
  if (geography !== undefined) return COUNTRY_RESOLUTIONS;
  const first = Math.min(COARSEST, resolution);
  return Array.from({ length: resolution - first + 1 }, (_, i) => first + i);
}

/**
 * A data set at a resolution, the last ones kept. The simulated country's points are encoded anew; check-ins
 * that came as cells are taken at their parents. Throws "bad-input" for a resolution that the data do not have.
 */
export async function* openResolution(
  dataset: Dataset,
  spec: DatasetSpec,
  { resolution = dataset.cells.resolution }: { resolution?: number | undefined },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, Resampled, void> {
  const known = resolutionsOf(dataset);
  if (!known.includes(resolution)) {
    throw new FootfallError(
      "bad-input",
      `${dataset.name} cannot be shown at resolution ${resolution}; it has ${known.join(", ")}`,
    );
  }
  if (resolution === dataset.cells.resolution) return asItIs(dataset);
  const key = `${dataset.key} at resolution ${resolution}`;
  return yield* keep(session, key, () =>
    spec.source === "simulated"
      ? encodeAnew(key, dataset, { size: spec.size, resolution, signal })
      : coarsen(key, dataset, { resolution, signal }),
  );
}

function asItIs(dataset: Dataset): Resampled {
  const { key, cells, trajectories, parts, test } = dataset;
  return {
    key,
    resolution: cells.resolution,
    cells,
    areaCount: cells.hi.length,
    trajectories,
    parts,
    test,
    droppedTrajectories: 0,
    allCells: () => cells,
  };
}

/** One child of each cell, digits 0 to 6 in turn: every parent and every digit is there. */
function sampleChildren({ resolution, hi, lo }: CellTable): CellTableBuilder {
  const sample = new CellTableBuilder(resolution + 1);
  for (let n = 0; n < hi.length; n++) {
    sample.addHalves(...cellDescendant(hi[n]!, lo[n]!, [n % 7]));
  }
  return sample;
}

/** All children of a table's cells, then the cells of `others` that are none of them. */
function allChildren(table: CellTable, others: CellTable): CellTable {
  const strays = straysOf(table, others);
  const N = 7 * table.hi.length;
  const hi = new Uint32Array(N + strays.length);
  const lo = new Uint32Array(N + strays.length);
  for (let n = 0; n < N; n++) {
    const parent = Math.floor(n / 7);
    [hi[n], lo[n]] = cellDescendant(table.hi[parent]!, table.lo[parent]!, [n % 7]);
  }
  strays.forEach((n, i) => {
    hi[N + i] = others.hi[n]!;
    lo[N + i] = others.lo[n]!;
  });
  return { resolution: others.resolution, hi, lo };
}

/** Numbers of the cells whose parent is not in the table. */
function straysOf(table: CellTable, finer: CellTable): number[] {
  const index = indexCells(table);
  const { parents, parentOf } = parentTable(finer, table.resolution);
  const isStray = Uint8Array.from(parents.hi, (hi, p) =>
    index.find(hi, parents.lo[p]!) < 0 ? 1 : 0,
  );
  return [...parentOf.keys()].filter((n) => isStray[parentOf[n]!] === 1);
}

/** The simulated country's points as trajectories of another resolution, or merged within another window. */
export async function* encodeAnew(
  key: string,
  dataset: Dataset,
  options: {
    size: (DatasetSpec & { source: "simulated" })["size"];
    resolution: number;
    windowMs?: number;
    signal: AbortSignal;
  },
): AsyncGenerator<Progress, Resampled, void> {
  const { resolution } = options;
  const geography = dataset.geography!;
  const land = geography.cells;
  const isFiner = resolution > land.resolution;
  const index = isFiner ? sampleChildren(land) : indexCells(parentTable(land, resolution).parents);
  const { trajectories } = yield* simulateTrajectories(geography, index, options);
  const { cells } = trajectories.checkIns;
  const parts = splitTrajectories(trajectories, { by: "user", seed: geography.seed });
  return {
    key,
    resolution,
    cells,
    areaCount: isFiner ? 7 * land.hi.length + straysOf(land, cells).length : cells.hi.length,
    trajectories,
    parts,
    test: trajectoriesOf(parts, "test"),
    droppedTrajectories: dataset.parts.length - parts.length,
    allCells: () => (isFiner ? allChildren(land, cells) : cells),
  };
}
