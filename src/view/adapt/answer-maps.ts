import { haversineKm, takeCells } from "../../core/geo/cells";
import type { AdaptMapResult } from "../../core/job/adapt";
import type { TaskFacts } from "../../core/task/tasks/types";
import { bivariate, cutThirds, type Bivariate, type Thirds } from "../map/bivariate";
import { cellTwin, type Twin } from "../map/cell-twin";
import { classFigure, type ClassEntry } from "../map/class-figure";
import { formatShare, formatSigned, formatValue } from "../map/format";
import type { MapPanel } from "../map/MapPanels";
import { difference, differenceScale, sharedScale, type Scale } from "../map/scale";

/** One number a place for each map, as far as they are shown. */
export interface Shown {
  readonly truth: Float32Array; // [N]
  readonly twin: Float32Array; // [N]
  readonly own: Float32Array; // [N]
  /** How likely the row held its answers to be; absent where it does not say. */
  readonly confidence?: Float32Array; // [N]
  readonly titles: readonly [twin: string, own: string];
  /** True where the numbers are kilometres from the truth, which itself is 0 everywhere. */
  readonly isError?: boolean;
  /** Thirds of the truth (of the twin's kilometres) over all places, also where only some are shown. */
  readonly thirds: Thirds;
}

/** What the maps of a row draw, as plain objects. */
export interface AnswerFigure {
  readonly panels: readonly MapPanel[];
  readonly twin: Twin;
  /** Numbers: the scale of the first three maps, and that of the difference. */
  readonly scales?: readonly [Scale, Scale];
  /** Classes: their colours. */
  readonly entries?: readonly ClassEntry[];
  readonly otherCount: number;
  /** Numbers, where asked for: two of them in one map each, already among the panels. */
  readonly pairs: readonly Bivariate[];
  /** How a value reads. */
  readonly format: (value: number) => string;
}

/** True where classes are steps of a quantity, such as deciles: they are coloured as one. */
const isOrdered = ({ metrics }: TaskFacts): boolean => metrics.includes("deciles");

const isClasses = (task: TaskFacts): boolean => task.answer === "classes" && !isOrdered(task);

/** The values of one of the numbers that a task asks for; of the location in degrees, not relative ones. */
export function pickColumn({ width, centre }: AdaptMapResult, values: Float32Array, d: number) {
  const from = centre?.[d as 0 | 1] ?? 0;
  return Float32Array.from(
    { length: values.length / width },
    (_, n) => from + values[n * width + d]!,
  );
}

/** Hits and misses where cells were asked for: their numbers mean nothing on a map. */
const toHits = (truth: Float32Array, values: Float32Array): Float32Array =>
  values.map((value, n) => Number(value === truth[n]));

/** The result without places whose cell fewer than k people visited (PV-02), and how many those are. */
export function withoutRarePlaces(
  result: AdaptMapResult,
  k: number,
): { result: AdaptMapResult; hidden: number } {
  const { people, cells, width, truth, part, answers, trajectories, reasons } = result;
  if (people === undefined) return { result, hidden: 0 };
  const kept = Uint32Array.from(people.keys()).filter((n) => people[n]! >= k);
  const hidden = people.length - kept.length;
  const pick = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: kept.length * width }, (_, i) => {
      return values[kept[Math.floor(i / width)]! * width + (i % width)]!;
    });
  return {
    result: {
      ...result,
      cells: takeCells(cells, kept),
      truth: pick(truth),
      part: Uint8Array.from(kept, (n) => part[n]!),
      answers: answers.map(({ confidence, ...answer }) => ({
        ...answer,
        values: pick(answer.values),
        ...(confidence && { confidence: pick(confidence) }),
      })),
      people: Uint32Array.from(kept, (n) => people[n]!),
      ...(trajectories && { trajectories: Uint32Array.from(kept, (n) => trajectories[n]!) }),
      ...(reasons && { reasons: Array.from(kept, (n) => reasons[n]!) }),
    },
    hidden,
  };
}

/** Truth, twin and own row of a result, of the number `d`. */
export function toShown(result: AdaptMapResult, own: string, d: number): Shown {
  if (d === DISTANCE) return toErrors(result, own);
  const answerOf = (name: string) => result.answers.find(({ row }) => row === name)!;
  const [first, second] = [answerOf("random"), answerOf(own)];
  const pick = (values: Float32Array): Float32Array =>
    result.task.answer === "cells" ? toHits(result.truth, values) : pickColumn(result, values, d);
  const truth = pick(result.truth);
  return {
    truth,
    thirds: cutThirds(truth),
    twin: pick(first.values),
    own: pick(second.values),
    ...(second.confidence && { confidence: second.confidence }),
    titles: [first.title, second.title],
  };
}

/** The "number" of a location beside latitude and longitude: how far a guess is from the truth. */
export const DISTANCE = 2;

/** How far both rows are from the true places, km, at their true latitude (paper 1, Figure 3). */
function toErrors(result: AdaptMapResult, own: string): Shown {
  const [lat, lng] = [toShown(result, own, 0), toShown(result, own, 1)];
  const kmOf = (row: "twin" | "own"): Float32Array =>
    lat.truth.map((at, n) => haversineKm(at, lng.truth[n]!, lat[row][n]!, lng[row][n]!));
  const truth = lat.truth.map((at) => (Number.isNaN(at) ? NaN : 0));
  const twin = kmOf("twin");
  const thirds = cutThirds(twin);
  return { truth, twin, own: kmOf("own"), titles: lat.titles, isError: true, thirds };
}

function classPanels(result: AdaptMapResult, shown: Shown): AnswerFigure {
  const { cells, names, task } = result;
  const classes = task.answer === "cells" ? ["missed", "hit"] : names;
  const titles = ["Truth", shown.titles[1], "Right and wrong"] as const;
  const compared = { cells, truth: shown.truth, predicted: shown.own, classes, titles, unit: "" };
  const { panels, entries, otherCount, twin } = classFigure(compared);
  const [truth, own, agreement] = panels as [MapPanel, MapPanel, MapPanel];
  const random: MapPanel = { ...truth, id: "twin", title: shown.titles[0], values: shown.twin };
  return {
    panels: [truth, random, own, agreement],
    twin,
    entries,
    otherCount,
    pairs: [],
    format: (value) => classes[value] ?? "no value",
  };
}

/** How the numbers of a task read: shares as per cent, deciles by their names. */
function formatOf({ task, names }: AdaptMapResult): (value: number) => string {
  if (isOrdered(task)) return (value) => names[value] ?? "no value";
  return task.unit.startsWith("share") ? formatShare : formatValue;
}

/** Ends of the scale that truth and answers share; undefined for what they need. */
function domainOf({ task, names, centre }: AdaptMapResult, truth: Float32Array) {
  if (isOrdered(task)) return [0, names.length - 1] as const;
  if (centre === undefined) return undefined;
  const known = truth.filter((value) => !Number.isNaN(value));
  return [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))] as const;
}

/** The unit of what is shown. */
export const unitOf = ({ task }: AdaptMapResult, { isError }: Shown): string =>
  isError === true ? "km" : task.unit;

/** Truth against each model, or of errors the twin against the row, in one map each (MC-05). */
function pairUp(shown: Shown, format: (value: number) => string): Bivariate[] {
  const { truth, twin, own, titles, isError = false, thirds } = shown;
  const axisOf = (name: string, values: Float32Array) => ({ name, values, thirds, format });
  if (isError) {
    const axes = [axisOf("random twin", twin), axisOf("this row", own)] as const;
    return [bivariate({ id: "both", title: "Both models" }, axes)];
  }
  return [
    { id: "both-twin", of: titles[0], guessed: twin },
    { id: "both-own", of: titles[1], guessed: own },
  ].map(({ id, of, guessed }) =>
    bivariate({ id, title: `Truth and ${of}` }, [
      axisOf("truth", truth),
      axisOf("inferred", guessed),
    ]),
  );
}

function numberPanels(result: AdaptMapResult, shown: Shown, isPaired: boolean): AnswerFigure {
  const { cells } = result;
  const { truth, twin, own, titles, isError = false } = shown;
  const unit = unitOf(result, shown);
  const domain = isError ? undefined : domainOf(result, truth);
  const scale = sharedScale([truth, twin, own], { unit, ...(domain && { domain }) });
  const gap = difference(own, isError ? twin : truth);
  const around = differenceScale(gap, { unit });
  const format = formatOf(result);
  const panels: MapPanel[] = [
    ...(isError ? [] : [{ id: "truth", title: "Truth", values: truth, scale, format }]),
    { id: "twin", title: titles[0], values: twin, scale, format },
    { id: "own", title: titles[1], values: own, scale, format },
    {
      id: "difference",
      title: isError ? "Farther or nearer than the twin" : "Difference from the truth",
      values: gap,
      scale: around,
      format: formatSigned,
    },
  ];
  const columns = panels.map(({ title, values = [], format: read }) => {
    return { title, values, format: read };
  });
  const pairs = isPaired ? pairUp(shown, format) : [];
  const twinOfAll = cellTwin(cells, columns);
  const summary = [twinOfAll.summary, ...pairs.map((pair) => pair.summary)].join(" ");
  return {
    panels: [...panels, ...pairs.map(({ panel }) => panel)],
    twin: { ...twinOfAll, summary },
    scales: [scale, around],
    otherCount: 0,
    pairs,
    format,
  };
}

/** True where the maps are of classes without an order: they have no thirds to be set against one another. */
export const hasClasses = ({ task }: Pick<AdaptMapResult, "task">): boolean =>
  isClasses(task) || task.answer === "cells";

/**
 * Truth, random twin, the row and the difference on one scale (paper 1, Figures 3, 4, 6, 7, 8); with `isPaired`,
 * truth and inference of numbers in one map as well.
 */
export function answerFigure(
  result: AdaptMapResult,
  shown: Shown,
  { isPaired = false } = {},
): AnswerFigure {
  return hasClasses(result) ? classPanels(result, shown) : numberPanels(result, shown, isPaired);
}

/** The same with only some places left; all where nothing is chosen. */
export function onlyThose(shown: Shown, isWanted: ((n: number) => boolean) | undefined): Shown {
  if (isWanted === undefined) return shown;
  const cut = (values: Float32Array): Float32Array =>
    values.map((value, n) => (isWanted(n) ? value : NaN));
  return { ...shown, truth: cut(shown.truth), twin: cut(shown.twin), own: cut(shown.own) };
}
