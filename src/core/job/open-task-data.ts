import { trajectoriesOf } from "../data/columnar/tables";
import { createDayKindReader } from "../data/holidays";
import type { Progress } from "../pace";
import { TRUTH_ROLES, type TaskData, type TruthRole } from "../task/tasks/types";
import { classTruth, numberTruth } from "../truth/layer-numbers";
import type { LayerTruth } from "../truth/layer-types";
import type { Geography } from "../world/geography";
import { COUNTRY_FIELDS, type CountryField } from "./country-fields";
import { openCalendar } from "./open-calendar";
import type { Dataset } from "./open-dataset";
import { openTruth, type TargetSpec } from "./open-truth";
import type { Session } from "./session";

/** Where the truths come from; the simulated country has its own of every role but "layer". */
export type TruthSpecs = Partial<Record<TruthRole, TargetSpec>>;

const MUNICIPALITY_CLASSES = ["city (shi)", "town (machi)", "village (mura)"];

/** The districts of the simulated country. */
const DISTRICTS: Partial<
  Record<TruthRole, (of: Geography) => { title: string; values: Uint8Array; names: string[] }>
> = {
  prefecture: ({ prefecture: values, names }) => {
    return { title: "Prefecture", values, names: names.prefectures };
  },
  region: ({ region: values, names }) => ({ title: "Region", values, names: names.regions }),
  municipality: ({ municipalityClass: values }) => {
    return { title: "Municipality class", values, names: MUNICIPALITY_CLASSES };
  },
};

/** A district of each cell; a cell beyond the country's land, at the coast, has none. */
function districtTruth(
  role: TruthRole,
  { geography, cells }: Dataset & { geography: Geography },
): LayerTruth {
  const { title, values, names } = DISTRICTS[role]!(geography);
  const report = { facts: [], method: "the simulated country's own district", warnings: [] };
  const numbers = Int16Array.from(cells.hi, (_, cell) => values[cell] ?? -1);
  return classTruth(numbers, names, { title, unit: "", columns: [], report });
}

/** Fields of the simulated country: the only grass that it has. */
const cropsTruth = ({ crops }: Geography): LayerTruth =>
  numberTruth(crops, {
    title: "Fields",
    unit: "share of the cell",
    isShare: true,
    deciles: false,
    columns: [],
    report: { facts: [], method: "the simulated country's own value", warnings: [] },
  });

const isField = (role: TruthRole): role is TruthRole & CountryField => role in COUNTRY_FIELDS;

/** The values of all cells, NaN for those at the coast that the country does not have. */
function lengthen(truth: LayerTruth, count: number): LayerTruth {
  if (truth.values.length === count) return truth;
  const fill = <T extends Float32Array | Float64Array>(values: T, all: T): T => {
    all.fill(NaN).set(values);
    return all;
  };
  const columns = truth.columns.map((one) => {
    return { ...one, values: fill(one.values, new Float64Array(count)) };
  });
  return { ...truth, columns, values: fill(truth.values, new Float32Array(count)) };
}

async function* openRole(
  role: TruthRole,
  spec: TargetSpec | undefined,
  dataset: Dataset,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, LayerTruth | undefined, void> {
  const { geography, cells } = dataset;
  if (spec === undefined && geography === undefined) return undefined;
  if (spec === undefined && geography && role in DISTRICTS) {
    return districtTruth(role, { ...dataset, geography });
  }
  if (spec === undefined && geography && role === "crops") {
    return lengthen(cropsTruth(geography), cells.hi.length);
  }
  const own = isField(role) ? ({ kind: "country", field: role } as const) : undefined;
  const target = spec ?? own;
  if (target === undefined) return undefined;
  return lengthen(yield* openTruth(target, dataset, session, signal), cells.hi.length);
}

/**
 * What the tasks read of a data set: its cells and trajectories, the truths of the roles that are needed, and its
 * days off. A role that neither a spec nor the country has is absent; the task that needs it says so. Throws as
 * `openTruth`.
 */
export async function* openTaskData(
  dataset: Dataset,
  { truths, roles }: { truths: TruthSpecs | undefined; roles: readonly TruthRole[] },
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Progress, TaskData, void> {
  const found: Partial<Record<TruthRole, LayerTruth>> = {};
  for (const role of TRUTH_ROLES.filter((one) => roles.includes(one))) {
    const truth = yield* openRole(role, truths?.[role], dataset, session, signal);
    if (truth) found[role] = truth;
  }
  const { calendar, clock, words } = await openCalendar(dataset);
  const { cells, centres, trajectories, test, parts } = dataset;
  return {
    cells,
    centres,
    trajectories,
    test,
    train: trajectoriesOf(parts, "train"),
    truths: found,
    dayOf: createDayKindReader(trajectories.checkIns, clock, calendar),
    calendarWords: words,
  };
}
