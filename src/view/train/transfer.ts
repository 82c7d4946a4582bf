import { summariseScores, scoreText } from "../../core/job/sweep/score-summary";
import { sizeName } from "../../core/job/sweep/sizes";
import { summariseSweep } from "../../core/job/sweep/summary";
import { SWEEP_WORDS } from "../../core/job/sweep/words";
import { METRICS } from "../../core/task/tasks/metric-names";
import type { SplitName } from "../../core/task/tasks/examples";
import { findTask } from "../../core/task/tasks/registry";
import type { TaskFacts } from "../../core/task/tasks/types";
import type { KeptSweep, KeptTable } from "../page-context";
import { formatCount, formatCounted } from "../words";
import { spreadText } from "./sweep-words";

/** How close a question is to that of pre-training, closest first: our order, by what is asked, not measured. */
export const CLOSENESS = [
  "hidden check-ins, as in pre-training",
  "how a way goes on, and whose it is",
  "a whole month",
  "a place that people visit",
  "water, where nobody walks",
] as const;

/** The place of a task in that order. */
export function closenessOf(
  task: Pick<TaskFacts, "name" | "input" | "isPair" | "isNegativeControl">,
) {
  if (task.isNegativeControl === true) return 4;
  if (task.input === "region") return 3;
  return task.isPair === true || task.name === "destination" ? 1 : 2;
}

/** One number that something finished says. */
export interface Measured {
  /** Trajectories that its model learnt from; undefined where nobody noted it, and then it stands at all of them. */
  readonly trajectories: number | undefined;
  readonly layers: number;
  readonly width: number;
  readonly closeness: number;
  /** How its examples were held out; undefined of hidden check-ins, of which none are. */
  readonly split?: SplitName;
  readonly text: string;
}

/** Which split is asked about, in words; the first is any of them. */
export const HELD_OUT = ["either way", "at random", "whole blocks"] as const;
const HELD: readonly (SplitName | undefined)[] = [undefined, "random", "block"];

/** What every finished run of a sweep says. */
function ofSweep(sweep: KeptSweep): Measured[] {
  const { over, config, steps } = sweep;
  const scores = summariseScores(sweep);
  return summariseSweep(sweep).flatMap(({ planned, cellPerplexity }) => {
    if (cellPerplexity === undefined) return [];
    const { setting, trajectories } = planned;
    const { layers, width } = setting.size ?? config;
    const at = { trajectories, layers, width };
    const from = `(${SWEEP_WORDS[over].title.toLowerCase()}: ${setting.name}, ${formatCounted(steps, "step")})`;
    const own = scores.filter((score) => score.setting === setting.name);
    const said = own.map(({ task, title, split, gain }): Measured => {
      const closeness = closenessOf(findTask(task, { truths: {} }));
      const text = `${title}, ${split} split: a linear probe gains ${scoreText(gain)} over the random twin ${from}`;
      return { ...at, closeness, split, text };
    });
    const text = `perplexity ${spreadText(cellPerplexity)} per check-in ${from}`;
    return [{ ...at, closeness: 0, text }, ...said];
  });
}

/** What a table says of fine-tuning; the data of its model's pre-training stand nowhere in it. */
function ofTable({ table, model }: KeptTable): Measured[] {
  const { task, shape, layers, gains } = table;
  const depth = layers["fine-tuned"];
  if (shape === undefined || depth === undefined) return [];
  const meant = gains.filter(
    ({ row, against, choice, metric }) =>
      row === "fine-tuned" &&
      against === "random" &&
      choice === "bestOnValidation" &&
      metric === task.headline,
  );
  return meant.map(({ split, metric, difference }) => ({
    trajectories: undefined,
    layers: depth,
    width: shape.width,
    closeness: closenessOf(task),
    split,
    text: `${task.title}, ${split} split: fine-tuned better than the random twin by ${scoreText(difference)} in ${METRICS[metric].title} (table, model ${model}, whose data it does not note)`,
  }));
}

/** Everything that kept sweeps and tables of the same people have measured. */
export function measuredOf(
  { sweeps, tables }: { sweeps: readonly KeptSweep[]; tables: readonly KeptTable[] },
  data: string | undefined,
): Measured[] {
  return [
    ...sweeps.filter((sweep) => sweep.data.key === data).flatMap(ofSweep),
    ...tables.filter((table) => table.data === data).flatMap(ofTable),
  ];
}

/** Where the sliders of data and model can stand: at what was measured. */
export interface Stops {
  readonly trajectories: readonly number[];
  readonly sizes: readonly { readonly layers: number; readonly width: number }[];
}

export function stopsOf(measured: readonly Measured[]): Stops {
  const trajectories = new Set(measured.flatMap((one) => one.trajectories ?? []));
  const sizes = new Map(
    measured.map(({ layers, width }) => [`${layers} ${width}`, { layers, width }]),
  );
  const weights = ({ layers, width }: Stops["sizes"][number]): number => layers * width ** 2;
  return {
    trajectories: [...trajectories].toSorted((a, b) => a - b),
    sizes: [...sizes.values()].toSorted((a, b) => weights(a) - weights(b)),
  };
}

/** Where the four sliders stand: places in the stops, in the order of closeness and among the ways to hold out. */
export interface Place {
  readonly data: number;
  readonly size: number;
  readonly closeness: number;
  readonly heldOut: number;
}

/** What was measured at exactly this place. */
export function saidAt(measured: readonly Measured[], stops: Stops, place: Place): Measured[] {
  const trajectories = stops.trajectories[place.data];
  const size = stops.sizes[place.size];
  const split = HELD[place.heldOut];
  return measured.filter(
    (one) =>
      (split === undefined || one.split === undefined || one.split === split) &&
      one.closeness === place.closeness &&
      one.layers === size?.layers &&
      one.width === size.width &&
      (one.trajectories === undefined || one.trajectories === trajectories),
  );
}

/** What stands where nothing was measured. */
export function gapText(stops: Stops, place: Place): string {
  const size = stops.sizes[place.size];
  const trajectories = stops.trajectories[place.data];
  const learnt =
    trajectories === undefined
      ? ""
      : ` that learnt from ${formatCounted(trajectories, "trajectory", "trajectories")}`;
  const held = place.heldOut === 0 ? "" : `, held out ${HELD_OUT[place.heldOut]}`;
  const model = size === undefined ? "a model" : `a model of ${sizeName(size)}`;
  return `Nothing was measured here: ${model}${learnt} was not asked about “${CLOSENESS[place.closeness]}”${held}. Between measured points nothing is guessed.`;
}

/** Which settings were measured at a closeness: a row for each model, a column for each number of trajectories. */
export function markedRows(measured: readonly Measured[], stops: Stops, place: Place): string[][] {
  const columns = stops.trajectories.length === 0 ? [0] : [...stops.trajectories.keys()];
  return stops.sizes.map((size, n) => [
    sizeName(size),
    ...columns.map((data) => {
      const count = saidAt(measured, stops, { ...place, size: n, data }).length;
      const mark = count === 0 ? "–" : `● ${formatCount(count)}`;
      return n === place.size && data === place.data ? `[${mark}]` : mark;
    }),
  ]);
}
