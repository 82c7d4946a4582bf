import type { JSX } from "react";
import type { PretrainProbeJob, PretrainProbeResult } from "../../core/job/pretrain-probe";
import type { Budget } from "../../notebook/pretrain-settings";
import { toPretrainProbe, type PretrainSpec } from "../../notebook/steps/pretrain";
import { useAnswer } from "../asking";
import { AskLine } from "../tokens/AskLine";
import { Table } from "../ui/Table";
import { PaperScale } from "./PaperScale";
import { filledText } from "./point-words";
import { longTimeText } from "./words";
import {
  asSentence,
  formatBytes,
  formatCount,
  formatCounted,
  formatMeasure,
  formatSeconds,
} from "../words";

/** Steps of a budget; undefined for one by the clock. */
function stepsOf(budget: Budget, stepsPerEpoch: number): number | undefined {
  if (budget.kind === "steps") return budget.steps;
  return budget.kind === "epochs" ? Math.max(1, budget.epochs * stepsPerEpoch) : undefined;
}

/** How long the run would take here, or how far it would come, in one sentence. */
export function probeSentence(
  { models, stepsPerEpoch, tokensPerStep, unit, tooFew }: PretrainProbeResult,
  budget: Budget,
): string {
  const [asked] = models;
  if (tooFew !== undefined && asked?.obstacle === undefined) return asSentence(tooFew);
  if (asked?.secondsPerStep === undefined) return asSentence(asked?.obstacle ?? "");
  const { secondsPerStep } = asked;
  const rate = `${formatCount(tokensPerStep / secondsPerStep)} ${unit} a second`;
  const steps = stepsOf(budget, stepsPerEpoch);
  if (steps === undefined) {
    const reached = (60 * (budget as Budget & { kind: "minutes" }).minutes) / secondsPerStep;
    return `About ${formatCount(reached)} steps fit into that time on this device, at ${rate}.`;
  }
  return `${formatCount(steps)} steps take about ${formatSeconds(steps * secondsPerStep)} on this device, at ${rate}, validation not counted.`;
}

/** What nobody can know before a run on a graphics card; empty elsewhere. */
export const memoryText = ({ engine, models }: PretrainProbeResult): string =>
  engine.startsWith("webgpu") && models[0] !== undefined
    ? `No browser tells how much memory a graphics card has: ${formatBytes(models[0].stateBytes + models[0].activationBytes)} must fit; where they do not, the run says so and offers half as many trajectories a pass.`
    : "";

/** The paper's training on this device, in one sentence; empty where nothing could be timed. */
function paperSentence({ paperSeconds, vocabularySize }: PretrainProbeResult): string {
  if (paperSeconds === undefined) return "";
  const time = longTimeText(paperSeconds);
  if (vocabularySize === undefined) {
    return `RAW’s training (its model of 91.7 million, the 700,000 steps of its decay) would take about ${time} on this device, by the number of operations.`;
  }
  return `The paper’s training (its base model, 40 billion tokens; 240 hours on two V100) would take about ${time} on this device, by the number of operations and with the ${formatCount(vocabularySize)} tokens of these data.`;
}

/** What the models need and how long they take, measured here before anything starts (PT-04). */
export function ProbeTable({ spec }: { spec: PretrainSpec }): JSX.Element {
  const { preset, changes, budget } = spec;
  const answer = useAnswer<PretrainProbeJob>(JSON.stringify([spec.family, preset, changes]));
  const { result } = answer;
  return (
    <div className="probe" data-part="probe">
      {result && (
        <>
          <p className="finding" data-probe="">
            {probeSentence(result, budget)}
          </p>
          <Table
            head={["model", "parameters", "kept for training", "for one pass", "a step takes"]}
            rows={result.models.map((model, n) => [
              n === 0 ? <strong key="own">{model.preset}, as set</strong> : model.preset,
              formatCount(model.parameters),
              formatBytes(model.stateBytes),
              formatBytes(model.activationBytes),
              model.secondsPerStep === undefined
                ? (model.obstacle ?? "")
                : `${n === 0 ? "" : "about "}${formatSeconds(model.secondsPerStep)}`,
            ])}
            numeric={[1, 2, 3]}
          />
          <p className="note">
            {formatCount(result.trajectories)} training{" "}
            {result.unit === "points" ? "windows" : "trajectories"}, {formatCount(result.tokens)}{" "}
            {result.unit}, {formatCounted(result.stepsPerEpoch, "step")} an epoch of about{" "}
            {formatMeasure(result.tokensPerStep)} {result.unit};{" "}
            {result.filledShare !== undefined && `${filledText(result.filledShare)}; `}
            {result.vocabularySize !== undefined &&
              `vocabulary ${formatCount(result.vocabularySize)}; `}
            {result.engine}. {memoryText(result)} {paperSentence(result)}
          </p>
          <PaperScale result={result} />
        </>
      )}
      <AskLine
        state={answer.state}
        start="How long would it take here?"
        onStart={() => answer.start(toPretrainProbe)}
        onStop={answer.stop}
      />
    </div>
  );
}
