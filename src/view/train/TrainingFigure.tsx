import { useMemo, type JSX } from "react";
import type { BertStatus } from "../../core/job/training-status";
import { formatMeasure } from "../words";
import { bestMarks, checkInCurves, checkInLevels, tokenCurves, tokenLevels } from "./curves";
import { LiveGuess } from "./LiveGuess";
import { RunFigure, StepChart } from "./RunFigure";
import { findingOf, paperTimeText } from "./words";

/** A run of a BERT as it goes, or as it ended. */
export function TrainingFigure({ status }: { status: BertStatus }): JSX.Element {
  const { log, baselines, guess, tokensPerSecond, best, failures, vocabularySize } = status;
  const curves = useMemo(
    () => ({
      token: tokenCurves(log),
      checkIn: checkInCurves(log),
      tokenLevels: tokenLevels({ baselines, vocabularySize }),
      checkInLevels: checkInLevels({ baselines }),
      marks: bestMarks({ best, failures, log }),
    }),
    [log, baselines, best, failures, vocabularySize],
  );
  return (
    <RunFigure
      status={status}
      unit="tokens"
      sayBest={(loss) => formatMeasure(Math.exp(loss))}
      finding={findingOf(status)}
      guess={guess && <LiveGuess guess={guess} />}
      charts={
        <>
          <StepChart
            name="perplexity"
            curves={curves.token}
            levels={curves.tokenLevels}
            marks={curves.marks}
            yLabel="perplexity per token"
            caption="Per token, in training and in validation. Untrained, a model is as unsure as among all tokens of its vocabulary. The paper’s values are of other data with another vocabulary: they show the way, no goal."
          />
          <StepChart
            name="perplexity-per-check-in"
            curves={curves.checkIn}
            levels={curves.checkInLevels}
            marks={curves.marks}
            yLabel="perplexity per check-in"
            caption="Per check-in, in validation: all its pieces guessed at once, or each with the earlier ones known."
          />
        </>
      }
    >
      . {tokensPerSecond !== undefined && paperTimeText(tokensPerSecond)}
    </RunFigure>
  );
}
