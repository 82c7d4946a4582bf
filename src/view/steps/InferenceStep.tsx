import { useMemo, useState, type JSX } from "react";
import type { DatasetResult } from "../../core/job/dataset";
import type { InferenceResult } from "../../core/job/inference";
import type { TruthChoice } from "../../core/truth/layer-types";
import {
  inferenceKind,
  type InferenceSpec,
  type InferenceTarget,
} from "../../notebook/steps/inference";
import { ClassSideBySide } from "../map/ClassSideBySide";
import { formatValue } from "../map/format";
import { SideBySide } from "../map/SideBySide";
import { usePage } from "../page-context";
import { shownAnswer } from "../truth/shown-cells";
import { CheckBox } from "../ui/CheckBox";
import { KField } from "../ui/KField";
import { Select } from "../ui/Select";
import { RemoveStep } from "../RemoveStep";
import { fileName, formatCount, formatCounted, formatPercent } from "../words";
import { usePeopleK } from "../people";
import { InferenceScores } from "./InferenceScores";
import { laterPart } from "./lazy-part";
import { TruthFacts } from "./TruthFacts";
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

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });
const listed = (texts: string[]): string => list.format(texts);

/** What is asked of a layer, in half a sentence. */
function askedOf(choice: TruthChoice | undefined): string {
  if (choice === undefined) return "What the layer says of each cell";
  if (choice.kind === "raster") {
    const classes = choice.classes?.map(String) ?? [];
    if (choice.statistic === "share") return `The share of each cell that is ${listed(classes)}`;
    if (choice.statistic === "majority") return "The class of most of each cell";
    const deciles = choice.deciles ? ", as one of ten classes of equal size" : "";
    return `The ${choice.statistic} of the pixels in each cell${deciles}`;
  }
  const isShare = choice.kind === "polygons" && choice.statistic === "share";
  if (isShare) return `The share of each cell that is ${listed([...(choice.classes ?? [])])}`;
  return `“${choice.column}” of each cell`;
}

function layerWords({ paths, choice }: InferenceTarget & { kind: "layer" }): TargetWords {
  const file = fileName(paths[0]!);
  const column = choice && choice.kind !== "raster" ? choice.column : undefined;
  const name = column ?? file.replace(/(\.[a-z]{2,9}){1,2}$/i, "");
  return {
    name,
    title: `What does it know of “${name}”?`,
    about: `${askedOf(choice)}, from ${file}.`,
  };
}

function wordsOf(target: InferenceTarget): TargetWords {
  switch (target.kind) {
    case "country":
      return FIELDS[target.field];
    case "layer":
      return layerWords(target);
    case "step":
      return {
        name: `Task: ${target.name}`,
        title: `What is known of “${target.name}”?`,
        about: `The truth measured above, from ${target.name}.`,
      };
    default:
      return target satisfies never;
  }
}

/** What the answer is read off, and what that shows. */
function sourceWords({ spec, inputs }: Props): string {
  const cells = `${formatCount(spec.trainCells)} cells`;
  const rest = `and is then asked about cells that it never saw. What it gets right, the embeddings knew.`;
  const brought = spec.embeddings ?? ("embeddings" in inputs ? { paths: [] } : undefined);
  if (brought !== undefined) {
    const name =
      brought.paths[0] === undefined ? "that were brought" : `of ${fileName(brought.paths[0])}`;
    return `A linear probe reads the answer off the embeddings ${name}, fitted on ${cells}, ${rest}`;
  }
  if (spec.target.kind === "step" && !("model" in inputs)) {
    return `Without a model: the answer is told from where a cell lies alone, learnt from at most ${cells}. That is no knowledge of how people move; it is the bar that an embedding must pass.`;
  }
  return `The model is frozen: a linear probe reads the answer off its embeddings of ${cells}, ${rest}`;
}

function About(props: Props): JSX.Element {
  return (
    <>
      <p>{wordsOf(props.spec.target).about}</p>
      <p>{sourceWords(props)}</p>
    </>
  );
}

function Controls({ spec, onChange }: Props): JSX.Element {
  return (
    <>
      <Select
        label="Extent"
        value={spec.extent}
        options={[
          { value: "part", text: "one part (fast)" },
          { value: "whole", text: "all of it" },
        ]}
        onChange={(extent) => onChange({ extent })}
      />
      {spec.target.kind === "step" && <RemoveStep what="the task" />}
    </>
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

/** How well the probe does on cells that it never saw, and whether that beats anything, in one sentence. */
export function finding({ metric, scores }: InferenceResult): string {
  const rows = scores.flatMap(({ name, split, metrics }) => {
    const value = metrics[metric];
    return split === "random" && value !== undefined ? [{ name, value }] : [];
  });
  const [own, ...others] = rows;
  if (own === undefined) return "";
  const isBare = own.name === "coordinates alone" || own.name.includes("."); // a file's name
  const said = ({ name, value }: { name: string; value: number }): string =>
    `${name} (${formatScore(value)})`;
  const better = others.filter(({ value }) => value >= own.value);
  const beaten = others.filter(({ value }) => value < own.value);
  return [
    `On cells that it never saw, the probe on ${isBare ? own.name : `the ${own.name}`} reaches ${metric} ${formatScore(own.value)}`,
    beaten.length > 0 ? `, better than ${listed(beaten.map(said))}` : "",
    better.length > 0 ? `, not better than ${listed(better.map(said))}` : "",
    ".",
  ].join("");
}

function placeOf({ place, heldOutCells, trainCells, edges, report }: InferenceResult): string {
  const said = `${place}. Fitted on ${formatCount(trainCells)} cells, scored on ${formatCount(heldOutCells)} others; no cell of the map was fitted on.`;
  const tenths = edges ? ` Edges of the deciles: ${edges.map(formatValue).join(", ")}.` : "";
  const made = report.facts.length > 0 ? ` Truth: ${report.method}.` : "";
  return said + tenths + made;
}

const hiddenWords = (hidden: number): string =>
  `${formatCounted(hidden, "cell")} of these maps hidden; the scores are of all`;

const OneMapOfTwo = laterPart(() => import("./OneMapOfTwo"), 330);

/** Three maps: of classes, or of numbers on one scale. */
function Maps({
  outcome,
  titles,
}: {
  outcome: InferenceResult;
  titles: [string, string];
}): JSX.Element {
  const { basemap } = usePage();
  const [k, setK] = usePeopleK();
  const [isPaired, setPaired] = useState(false);
  const { title, unit, scale, classes, people } = outcome;
  const { hidden, ...shown } = useMemo(() => shownAnswer(outcome, k), [outcome, k]);
  const reading = useMemo(() => (scale === "class" ? {} : READING[scale]), [scale]);
  const shared = {
    name: "inference",
    title,
    ...shown,
    basemap,
    unit,
    heightPx: 330,
  };
  const caption = placeOf(outcome);
  const own = { ...shared, caption };
  return (
    <>
      {classes ? (
        <ClassSideBySide {...own} classes={classes} titles={[...titles, "Right and wrong"]} />
      ) : (
        <>
          <SideBySide {...own} titles={[...titles, "Difference"]} {...reading} />
          <CheckBox isChecked={isPaired} onChange={setPaired}>
            Truth and inference in one map
          </CheckBox>
          {isPaired && <OneMapOfTwo {...shown} {...reading} isDecile={scale === "decile"} />}
        </>
      )}
      {people && <KField k={k} onChange={setK} hidden={hidden} hiddenText={hiddenWords(hidden)} />}
    </>
  );
}

function Figure({ outcome, inputs }: FigureProps<InferenceSpec, InferenceResult>): JSX.Element {
  const simulated = (inputs["data"] as DatasetResult | undefined)?.simulated === true;
  return (
    <>
      <p className="finding">{finding(outcome)}</p>
      <Maps outcome={outcome} titles={[simulated ? "Truth (simulated)" : "Truth", "Inferred"]} />
      <TruthFacts report={outcome.report} />
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
