import { cellHash } from "../../core/geo/cells";
import type { AdaptMapResult, BesideTruth } from "../../core/job/adapt";
import type { TaskFacts } from "../../core/task/tasks/types";
import { bivariate, cutThirds, type Bivariate } from "../map/bivariate";
import { cellTwin, type Twin } from "../map/cell-twin";
import { classFigure, type ClassEntry } from "../map/class-figure";
import { formatKm, formatShare, formatValue, signed } from "../map/format";
import type { MapPanel } from "../map/MapPanels";
import { difference, differenceScale, sharedScale, type Scale } from "../map/scale";
import { isClasses, isOrdered, unitOf, type Shown } from "./shown-answers";

/** What the maps of a row draw, as plain objects. */
export interface AnswerFigure {
  readonly panels: readonly MapPanel[];
  readonly twin: Twin;
  /** Numbers: the scale of the first three maps, and that of the difference. */
  readonly scales?: readonly [Scale, Scale];
  /** Classes: their colours. */
  readonly entries?: readonly ClassEntry[];
  readonly otherCount: number;
  /** Where asked for: two quantities in one map each, already among the panels. */
  readonly pairs: readonly Bivariate[];
  /** How a value reads. */
  readonly format: (value: number) => string;
  /** How a difference reads, but for its plus. */
  readonly formatGap: (value: number) => string;
}

/** How one answer to a place, or its truth, reads: a value, or a cell and how far off it is. */
export function readAnswer(
  { format }: Pick<AnswerFigure, "format">,
  shown: Shown,
  which: "truth" | "twin" | "own",
  n: number,
): string {
  const value = shown[which][n]!;
  if (shown.cells === undefined || Number.isNaN(value)) return format(value);
  const hash = cellHash(shown.cells[which], n);
  if (which === "truth") return hash;
  return value === 0 ? `${hash}, a hit` : `${hash}, ${formatKm(value)} off`;
}

/** Whether each model is right, against how sure it is: classes without an order have no high and low of their own. */
function pairWithConfidence(shown: Shown): Bivariate[] {
  const { truth, thirds, titles } = shown;
  const sides = ["wrong", "right"] as const;
  return [
    { id: "both-twin", of: titles[0], said: shown.twin, confidence: shown.twinConfidence },
    { id: "both-own", of: titles[1], said: shown.own, confidence: shown.confidence },
  ].flatMap(({ id, of, said, confidence }) => {
    if (confidence === undefined) return [];
    const values = truth.map((is, n) =>
      Number.isNaN(is) || Number.isNaN(said[n]!) ? NaN : Number(is === said[n]),
    );
    const right = { name: "answer", values, thirds: [0, 0.5] as const, sides };
    const sure = { name: "confidence", values: confidence, thirds, format: formatShare };
    return [bivariate({ id, title: `Right and sure: ${of}` }, [right, sure])];
  });
}

function classPanels(
  result: AdaptMapResult,
  shown: Shown,
  { isPaired = false }: Extras,
): AnswerFigure {
  const { cells, names: classes } = result;
  const titles = ["Truth", shown.titles[1], "Right and wrong"] as const;
  const compared = { cells, truth: shown.truth, predicted: shown.own, classes, titles, unit: "" };
  const { panels, entries, otherCount, twin } = classFigure(compared);
  const [truth, own, agreement] = panels as [MapPanel, MapPanel, MapPanel];
  const random: MapPanel = { ...truth, id: "twin", title: shown.titles[0], values: shown.twin };
  const pairs = isPaired ? pairWithConfidence(shown) : [];
  const summary = [twin.summary, ...pairs.map((pair) => pair.summary)].join(" ");
  return {
    panels: [truth, random, own, agreement, ...pairs.map(({ panel }) => panel)],
    twin: { ...twin, summary },
    entries,
    otherCount,
    pairs,
    format: (value) => classes[value] ?? "no value",
    formatGap: formatValue,
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

/** Truth against each model, or of errors the twin against the row, in one map each (MC-05). */
function pairUp(shown: Shown, format: (value: number) => string): Bivariate[] {
  const { truth, twin, own, titles, isError = false, thirds } = shown;
  const read = isError ? formatKm : format;
  const axisOf = (name: string, values: Float32Array) => ({ name, values, thirds, format: read });
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

/** What is drawn beside truth, twin, row and difference. */
interface Extras {
  /** Truth and inference in one map; of classes without an order whether the answer is right, and how sure. */
  isPaired?: boolean;
  /** Of numbers: another truth of the cells, with the asked one in one map. */
  beside?: BesideTruth | undefined;
}

/** Another truth, where the asked one is known, and both in one map. */
function setBeside(
  { title, unit, values: all }: BesideTruth,
  { truth, thirds }: Shown,
  { task, format }: { task: TaskFacts; format: (value: number) => string },
): { panel: MapPanel; pair: Bivariate } {
  const values = all.map((value, n) => (Number.isNaN(truth[n]!) ? NaN : value));
  const isShare = unit.startsWith("share");
  const scale = sharedScale([values], { unit, ...(isShare && { domain: [0, 1] as const }) });
  const reads = isShare ? formatShare : formatValue;
  return {
    panel: { id: "beside", title, values, scale, format: reads },
    pair: bivariate({ id: "both-truths", title: `${task.title} and ${title.toLowerCase()}` }, [
      { name: task.title.toLowerCase(), values: truth, thirds, format },
      { name: title.toLowerCase(), values, thirds: cutThirds(all), format: reads },
    ]),
  };
}

function numberPanels(result: AdaptMapResult, shown: Shown, extras: Extras): AnswerFigure {
  const { cells } = result;
  const { truth, twin, own, titles, isError = false } = shown;
  const unit = unitOf(result, shown);
  const domain = isError ? undefined : domainOf(result, truth);
  const scale = sharedScale([truth, twin, own], { unit, ...(domain && { domain }) });
  const gap = difference(own, isError ? twin : truth);
  const around = differenceScale(gap, { unit });
  const format = formatOf(result);
  const formatGap = isOrdered(result.task) ? formatValue : format;
  const panels: MapPanel[] = [
    ...(isError ? [] : [{ id: "truth", title: "Truth", values: truth, scale, format }]),
    { id: "twin", title: titles[0], values: twin, scale, format },
    { id: "own", title: titles[1], values: own, scale, format },
    {
      id: "difference",
      title: isError ? "Farther or nearer than the twin" : "Difference from the truth",
      values: gap,
      scale: around,
      format: signed(formatGap),
    },
  ];
  const columns = panels.map(({ title, values = [], format: read }) => {
    return { title, values, format: read };
  });
  const { isPaired = false, beside } = extras;
  const other = beside && setBeside(beside, shown, { task: result.task, format });
  const pairs = [...(isPaired ? pairUp(shown, format) : []), ...(other ? [other.pair] : [])];
  const twinOfAll = cellTwin(cells, columns);
  const summary = [twinOfAll.summary, ...pairs.map((pair) => pair.summary)].join(" ");
  return {
    panels: [...panels, ...(other ? [other.panel] : []), ...pairs.map(({ panel }) => panel)],
    twin: { ...twinOfAll, summary },
    scales: [scale, around],
    otherCount: 0,
    pairs,
    format,
    formatGap,
  };
}

/**
 * Truth, random twin, the row and the difference on one scale (paper 1, Figures 3, 4, 6, 7, 8), with what is asked for
 * beside (MC-05).
 */
export function answerFigure(
  result: AdaptMapResult,
  shown: Shown,
  extras: Extras = {},
): AnswerFigure {
  const draw = isClasses(result.task) ? classPanels : numberPanels;
  return draw(result, shown, extras);
}
