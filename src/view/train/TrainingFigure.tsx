import { useMemo, type JSX } from "react";
import type { BertStatus } from "../../core/job/training-status";
import { LazyLossChart } from "../chart/LazyCharts";
import { formatMeasure } from "../words";
import { TrainingFacts, TrainingWarnings } from "./TrainingFacts";
import { bestMarks, checkInCurves, checkInLevels, tokenCurves, tokenLevels } from "./curves";
import { LiveGuess } from "./LiveGuess";
import { budgetText, findingOf, paperTimeText, sleptText } from "./words";

/** A run as it goes, or as it ended: numbers, curves, and the guess of one hidden place. */
export function TrainingFigure({ status }: { status: BertStatus }): JSX.Element {
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
      <TrainingFacts
        status={status}
        unit="tokens"
        sayBest={(loss) => formatMeasure(Math.exp(loss))}
      />
      <TrainingWarnings status={status} />
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
