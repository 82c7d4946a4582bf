import { useMemo, type JSX } from "react";
import type { TrainingStatus } from "../../core/job/training-status";
import { LazyLossChart } from "../chart/LazyCharts";
import { Facts } from "../steps/Facts";
import { asSentence, formatBytes, formatCount, formatMeasure, formatSeconds } from "../words";
import { bestMarks, checkInCurves, checkInLevels, tokenCurves, tokenLevels } from "./curves";
import { LiveGuess } from "./LiveGuess";
import { budgetText, findingOf, paperTimeText, sleptText } from "./words";

function TrainingFacts({ status }: { status: TrainingStatus }): JSX.Element {
  const { step, budget, tokens, seconds, tokensPerSecond, secondsLeft, memoryBytes } = status;
  const { best, savedStep, parameters } = status;
  const total = budget.kind === "steps" ? ` of ${formatCount(budget.steps)}` : "";
  return (
    <Facts
      facts={[
        ["steps", `${formatCount(step)}${total}`],
        ["tokens seen", formatCount(tokens)],
        ["tokens a second", tokensPerSecond && formatCount(tokensPerSecond)],
        ["time", formatSeconds(seconds)],
        [
          "time left",
          secondsLeft === undefined || secondsLeft < 1 ? undefined : formatSeconds(secondsLeft),
        ],
        ["parameters", formatCount(parameters)],
        ["memory", memoryBytes === 0 ? undefined : formatBytes(memoryBytes)],
        [
          "best so far",
          best && `${formatMeasure(Math.exp(best.loss))} at step ${formatCount(best.step)}`,
        ],
        ["last kept", savedStep === undefined ? undefined : `step ${formatCount(savedStep)}`],
      ]}
    />
  );
}

/** What is wrong, in words: a full storage, a lost device, a signature of the papers. */
function Warnings({ status }: { status: TrainingStatus }): JSX.Element | null {
  const { notice, failures, isKept } = status;
  const sentences = [
    ...(notice === undefined ? [] : [notice]),
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

/** A run as it goes, or as it ended: numbers, curves, and the guess of one hidden place. */
export function TrainingFigure({ status }: { status: TrainingStatus }): JSX.Element {
  const { log, baselines, guess, tokensPerSecond, budget, best, failures } = status;
  const curves = useMemo(
    () => ({
      token: tokenCurves(log),
      checkIn: checkInCurves(log),
      tokenLevels: tokenLevels({ baselines }),
      checkInLevels: checkInLevels({ baselines }),
      marks: bestMarks({ best, failures, log }),
    }),
    [log, baselines, best, failures],
  );
  const finding = findingOf(status);
  return (
    <div className="training" data-run={status.run} data-training-step={status.step}>
      <TrainingFacts status={status} />
      <Warnings status={status} />
      {finding !== undefined && <p className="finding">{finding}</p>}
      <div className="two-columns">
        {curves.token.length > 0 && (
          <LazyLossChart
            name="perplexity"
            curves={curves.token}
            levels={curves.tokenLevels}
            marks={curves.marks}
            xLabel="steps"
            yLabel="perplexity per token"
            isLog
            heightPx={250}
            caption="Per token, in training and in validation. The paper’s values are of other data with another vocabulary: they show the way, no goal."
          />
        )}
        {curves.checkIn.length > 0 && (
          <LazyLossChart
            name="perplexity-per-check-in"
            curves={curves.checkIn}
            levels={curves.checkInLevels}
            marks={curves.marks}
            xLabel="steps"
            yLabel="perplexity per check-in"
            isLog
            heightPx={250}
            caption="Per check-in, in validation: all its pieces guessed at once, or each with the earlier ones known."
          />
        )}
      </div>
      {guess && <LiveGuess guess={guess} />}
      <p className="note">
        {budgetText(budget)} on {status.engine}. {sleptText(status)}{" "}
        {tokensPerSecond !== undefined && paperTimeText(tokensPerSecond)}
      </p>
    </div>
  );
}
