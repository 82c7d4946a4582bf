import { useMemo, type JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import type { InferenceResult, TargetSpec } from "../../core/job/inference";
import { inferenceKind, type InferenceSpec } from "../../notebook/steps/inference";
import { SideBySide } from "../map/SideBySide";
import { usePage } from "../page-context";
import { Select } from "../ui/Select";
import { formatCount, formatPercent } from "../words";
import { InferenceScores } from "./InferenceScores";
import { stepView, type FigureProps, type StepProps } from "./step-view";

type Props = StepProps<InferenceSpec, InferenceResult>;

interface TargetWords {
  name: string;
  title: string;
  /** Which figure of paper 1, and what is inferred. */
  about: string;
}

const FIELDS: Record<"population" | "builtUp" | "trees" | "water", TargetWords> = {
  population: {
    name: "Population",
    title: "Does it know where people live?",
    about:
      "How many people live in a cell, as one of ten classes of equal size (paper 1, Figure 4).",
  },
  builtUp: {
    name: "Built-up",
    title: "Does it know what is built up?",
    about: "The share of each cell that is built up (paper 1, Figure 7).",
  },
  trees: {
    name: "Trees",
    title: "Does it know where trees grow?",
    about: "The share of each cell under trees (paper 1, Figure 8).",
  },
  water: {
    name: "Water",
    title: "Does it know where water is?",
    about: "The share of each cell under water, which the paper found hard to infer as well.",
  },
};

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function wordsOf(target: TargetSpec): TargetWords {
  if (target.kind === "country") return FIELDS[target.field];
  const name = fileName(target.file).replace(/\.tiff?$/i, "");
  const about = `The ${target.statistic} of ${fileName(target.file)} in each cell.`;
  return { name, title: `What does it know of “${name}”?`, about };
}

function About({ spec }: Props): JSX.Element {
  return (
    <>
      <p>{wordsOf(spec.target).about}</p>
      <p>
        The model is frozen: a linear probe reads the answer off its embeddings of{" "}
        {formatCount(spec.trainCells)} cells and is then asked about cells that it never saw. What
        it gets right, the embeddings knew.
      </p>
    </>
  );
}

function Controls({ spec, onChange }: Props): JSX.Element {
  return (
    <Select
      label="Extent"
      value={spec.extent}
      options={[
        { value: "part", text: "one part (fast)" },
        { value: "whole", text: "all of it" },
      ]}
      onChange={(extent) => onChange({ extent })}
    />
  );
}

const formatDecile = (value: number): string =>
  Number.isNaN(value) ? "no value" : String(Math.round(value));
const formatShare = (value: number): string =>
  Number.isNaN(value) ? "no value" : formatPercent(value).replace("-", "−");

/** How values of each scale are coloured and read. */
const READING = {
  decile: { domain: [0, 9] as const, format: formatDecile, formatTick: formatDecile },
  share: { domain: [0, 1] as const, format: formatShare, formatTick: formatShare },
  value: {},
};

const formatScore = (value: number): string =>
  value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });
const listed = (texts: string[]): string => list.format(texts);

/** How well the probe does on cells that it never saw, and whether that beats anything, in one sentence. */
export function finding({ metric, scores }: InferenceResult): string {
  const rows = scores.flatMap(({ name, split, metrics }) => {
    const value = metrics[metric];
    return split === "random" && value !== undefined ? [{ name, value }] : [];
  });
  const [own, ...others] = rows;
  if (own === undefined) return "";
  const said = ({ name, value }: { name: string; value: number }): string =>
    `${name} (${formatScore(value)})`;
  const better = others.filter(({ value }) => value >= own.value);
  const beaten = others.filter(({ value }) => value < own.value);
  return [
    `On cells that it never saw, the probe on the ${own.name} reaches ${metric} ${formatScore(own.value)}`,
    beaten.length > 0 ? `, better than ${listed(beaten.map(said))}` : "",
    better.length > 0 ? `, not better than ${listed(better.map(said))}` : "",
    ".",
  ].join("");
}

function placeOf({ place, heldOutCells, trainCells }: InferenceResult): string {
  return `${place}. Fitted on ${formatCount(trainCells)} cells, scored on ${formatCount(heldOutCells)} others; no cell of the map was fitted on.`;
}

function Figure({ outcome, inputs }: FigureProps<InferenceSpec, InferenceResult>): JSX.Element {
  const { basemap } = usePage();
  const simulated = (inputs["data"] as DatasetResult | undefined)?.simulated === true;
  const reading = useMemo(() => READING[outcome.scale], [outcome.scale]);
  return (
    <>
      <p className="finding">{finding(outcome)}</p>
      <SideBySide
        name="inference"
        title={outcome.title}
        cells={outcome.cells}
        truth={outcome.truth}
        predicted={outcome.predicted}
        basemap={basemap}
        unit={outcome.unit}
        heightPx={330}
        titles={[simulated ? "Truth (simulated)" : "Truth", "Inferred", "Difference"]}
        {...reading}
        caption={placeOf(outcome)}
      />
      <InferenceScores scores={outcome.scores} metric={outcome.metric} />
    </>
  );
}

/** Truth, inference and difference of one quantity. */
export const inferenceView = stepView<InferenceSpec, InferenceResult>({
  kind: "inference",
  toSpec: (authored) => inferenceKind.toSpec(authored),
  name: ({ target }) => wordsOf(target).name,
  title: ({ spec }) => wordsOf(spec.target).title,
  About,
  Controls,
  Figure,
  promise: "Here truth and inference will stand side by side.",
  heightPx: 600,
});
