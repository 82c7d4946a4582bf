/** Questions about a cell, which is all that the model reads (paper 1, 4.1). */
import type { LayerTruth } from "../../truth/layer-types";
import {
  coverageNotes,
  needClasses,
  needDeciles,
  needShares,
  needTruth,
  selectNumbers,
} from "./truths";
import type { Drawable, Labels, Task, TaskData, TaskFacts, TruthRole } from "./types";

const CLASS_METRICS = ["accuracy", "balancedAccuracy", "precision", "recall", "f"] as const;
const NUMBER_METRICS = ["mae", "rmse", "r2"] as const;

/** Every cell that has a label; the model reads the cell alone. */
function drawCells(
  { cells }: TaskData,
  hasLabel: (cell: number) => boolean,
  label: Drawable["label"],
): Drawable {
  const count = cells.hi.length;
  const usable = selectNumbers(count, hasLabel);
  return {
    unit: "cells",
    count,
    item: (cell) => ({ parts: [[cell]], home: cell, of: cell }),
    label,
    usable,
    notes: coverageNotes(usable.length, count, "cells"),
  };
}

const takeNumbers = (values: ArrayLike<number>, rows: Uint32Array): Float32Array =>
  Float32Array.from(rows, (row) => values[row]!);

function labelClasses(
  values: ArrayLike<number>,
  names: readonly string[],
  isOrdered: boolean,
): Drawable["label"] {
  return (rows): Labels => {
    const classes = Int32Array.from(rows, (row) => values[row]!);
    return { kind: "classes", classes, names, isOrdered };
  };
}

const DECILES = Array.from({ length: 10 }, (_, decile) => `decile ${decile + 1}`);

/** What any truth asks of a cell: classes, deciles or numbers. */
function drawTruth(data: TaskData, truth: LayerTruth): Drawable {
  const { scale, values, classes, columns, title } = truth;
  const isDecile = scale === "decile";
  const shown = isDecile ? columns[0]!.values : values;
  const names = isDecile ? DECILES : classes;
  const label: Drawable["label"] = names
    ? labelClasses(shown, names, isDecile)
    : (rows) => ({ kind: "numbers", targets: takeNumbers(shown, rows), names: [title] });
  return drawCells(data, (cell) => !Number.isNaN(shown[cell]!), label);
}

/** The middle of the box around all cells, in degrees. */
function findCentre({ centres: { lat, lng } }: TaskData): [lat: number, lng: number] {
  const middle = (values: Float64Array): number =>
    (values.reduce((a, b) => Math.min(a, b), Infinity) +
      values.reduce((a, b) => Math.max(a, b), -Infinity)) /
    2;
  return [middle(lat), middle(lng)];
}

/** Coordinates are relative to the middle of the study area (paper 1, 4.1). */
function drawPlaces(data: TaskData): Drawable {
  const { lat, lng } = data.centres;
  const [lat0, lng0] = findCentre(data);
  const label: Drawable["label"] = (rows) => {
    const targets = new Float32Array(2 * rows.length);
    rows.forEach((cell, n) => targets.set([lat[cell]! - lat0, lng[cell]! - lng0], 2 * n));
    return { kind: "numbers", targets, names: ["latitude", "longitude"], centre: [lat0, lng0] };
  };
  return drawCells(data, () => true, label);
}

const location: Task = {
  name: "location",
  title: "Geographic location",
  input: "region",
  answer: "numbers",
  unit: "degrees",
  source: "paper 1, Table 2",
  table: 2,
  formula:
    "latitude and longitude of the cell's centre, in degrees from the middle of the study area; the distance in km is taken at the true latitude",
  needs: [],
  metrics: ["latMae", "latRmse", "lngMae", "lngRmse", "km"],
  headline: "km",
  prepare: drawPlaces,
};

/** A task whose labels are one truth of the cells, as it is. */
function truthTask(
  role: TruthRole,
  facts: Omit<TaskFacts, "input" | "needs" | "metrics" | "headline">,
): Task {
  const isClass = facts.answer === "classes";
  const isDecile = role === "population";
  return {
    ...facts,
    input: "region",
    needs: [role],
    metrics: isClass
      ? [...CLASS_METRICS, ...(isDecile ? (["deciles", "kendall"] as const) : [])]
      : NUMBER_METRICS,
    headline: isClass ? "f" : "r2",
    prepare(data) {
      const need = isDecile ? needDeciles : isClass ? needClasses : needShares;
      return drawTruth(data, need(data, role, facts.title));
    },
  };
}

/** A task about a share of the cell's area. */
const shareTask = (
  role: TruthRole,
  facts: Pick<TaskFacts, "name" | "title" | "source" | "table" | "isNegativeControl">,
  what: string,
  more = "",
): Task =>
  truthTask(role, {
    ...facts,
    answer: "numbers",
    unit: "share of the cell",
    formula: `share of the cell's area that is ${what}, 0 to 1${more}`,
  });

/** A task about the district that a cell lies in. */
const districtTask = (
  role: TruthRole,
  facts: Pick<TaskFacts, "name" | "title" | "source" | "table">,
  formula: string,
): Task => truthTask(role, { ...facts, answer: "classes", unit: "", formula });

/** The tasks of paper 1, 4.1, in its order. */
export const REGION_TASKS: readonly Task[] = [
  location,
  truthTask("population", {
    name: "population",
    title: "Population",
    answer: "classes",
    unit: "",
    source: "paper 1, Table 3",
    table: 3,
    formula: "tenth of all cells, by people per cell, to which the cell belongs: ten classes",
  }),
  districtTask(
    "prefecture",
    { name: "prefecture", title: "Prefecture", source: "paper 1, Table 4", table: 4 },
    "the prefecture (or district of the given layer) in which the cell's centre lies",
  ),
  districtTask(
    "region",
    { name: "region", title: "Region", source: "paper 1, Table 5", table: 5 },
    "the region (or larger district of the given layer) in which the cell's centre lies",
  ),
  districtTask(
    "municipality",
    { name: "municipality", title: "Municipality class", source: "paper 1, Table 6", table: 6 },
    "city (shi), town (machi) or village (mura): the kind of municipality in which the cell lies",
  ),
  shareTask(
    "builtUp",
    { name: "built-up", title: "Built-up land", source: "paper 1, Table 7", table: 7 },
    "built up",
  ),
  shareTask(
    "trees",
    { name: "trees", title: "Tree cover", source: "paper 1, Table 8", table: 8 },
    "covered by trees",
  ),
  shareTask(
    "water",
    { name: "water", title: "Water", source: "paper 1, 4.1", isNegativeControl: true },
    "water",
    "; the paper found no gain here, so none is expected",
  ),
];

/** The task of a layer that the user brings: classes where it has classes or deciles, else numbers. */
export function layerTask({ title, scale, unit, classes }: LayerTruth): Task {
  const isDecile = scale === "decile";
  const isClass = isDecile || classes !== undefined;
  const metrics = isClass ? [...CLASS_METRICS] : [...NUMBER_METRICS];
  return {
    name: "layer",
    title,
    input: "region",
    answer: isClass ? "classes" : "numbers",
    unit: isClass ? "" : unit,
    source: "your own layer",
    formula: `${title}, as the layer has it`,
    needs: ["layer"],
    metrics: isDecile ? [...metrics, "deciles", "kendall"] : metrics,
    headline: isClass ? "f" : "r2",
    prepare: (data) => drawTruth(data, needTruth(data, "layer", title)),
  };
}
