import type { JSX } from "react";
import type { TrainingStatus } from "../../core/job/training-status";
import { Facts } from "../steps/Facts";
import { asSentence, formatBytes, formatCount, formatSeconds } from "../words";

interface TrainingFactsProps {
  status: TrainingStatus;
  /** What is learnt from. */
  unit: "tokens" | "points";
  /** The lowest loss of the validation in words. */
  sayBest: (loss: number) => string;
}

/** Where a run stands, in numbers. */
export function TrainingFacts({ status, unit, sayBest }: TrainingFactsProps): JSX.Element {
  const { step, budget, tokens, seconds, tokensPerSecond, secondsLeft, memoryBytes } = status;
  const { best, savedStep, parameters } = status;
  const total = budget.kind === "steps" ? ` of ${formatCount(budget.steps)}` : "";
  return (
    <Facts
      facts={[
        ["steps", `${formatCount(step)}${total}`],
        [`${unit} seen`, formatCount(tokens)],
        [`${unit} a second`, tokensPerSecond && formatCount(tokensPerSecond)],
        ["time", formatSeconds(seconds)],
        [
          "time left",
          secondsLeft === undefined || secondsLeft < 1 ? undefined : formatSeconds(secondsLeft),
        ],
        ["parameters", formatCount(parameters)],
        ["memory", memoryBytes === 0 ? undefined : formatBytes(memoryBytes)],
        ["best so far", best && `${sayBest(best.loss)} at step ${formatCount(best.step)}`],
        ["last kept", savedStep === undefined ? undefined : `step ${formatCount(savedStep)}`],
      ]}
    />
  );
}

/** What is wrong, in words: a full storage, a lost device, a signature of the papers. */
export function TrainingWarnings({ status }: { status: TrainingStatus }): JSX.Element | null {
  const { notice, warning, failures, isKept } = status;
  const sentences = [
    ...(notice === undefined ? [] : [notice]),
    ...(warning === undefined ? [] : [warning]),
    ...failures.map((failure) => failure.sentence),
    ...(isKept ? [] : ["This browser gives the page no storage: the run goes with the tab."]),
  ];
  if (sentences.length === 0) return null;
  return (
    <div className="loud" role="alert" data-failures={failures.map(({ kind }) => kind).join(" ")}>
      {sentences.map((text) => (
        <p key={text}>{asSentence(text)}</p>
      ))}
    </div>
  );
}
