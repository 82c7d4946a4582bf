import { useMemo, type JSX } from "react";
import type { LiveGuess as Guess } from "../../core/job/live-guess";
import { formatKm } from "../map/format";
import { MaskedPredictionMap } from "../map/MaskedPredictionMap";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import { formatCount, formatMoment, formatProbability } from "../words";

/** The same string for the same trajectory: reports cross from a worker, so that no object is ever the same. */
const keyOf = ({ checkIns }: Guess): string => checkIns.map(({ hash }) => hash).join(" ");

/** One place of one trajectory that it does not learn from, hidden: what the model makes of it as it learns (PT-29). */
export function LiveGuess({ guess }: { guess: Guess }): JSX.Element {
  const { basemap } = usePage();
  const key = keyOf(guess);
  const marks = useMemo(
    () =>
      guess.checkIns.map(({ hash, startMs, lng }) => ({ hash, time: formatMoment(startMs, lng) })),
    // oxlint-disable-next-line react/exhaustive-deps -- the key stands for the check-ins
    [key],
  );
  const guesses = useMemo(() => guess.guesses, [guess.step, key]); // oxlint-disable-line react/exhaustive-deps -- as above
  const [best] = guess.guesses;
  return (
    <div data-live-guess={guess.step}>
      <p className="finding">
        After {formatCount(guess.step)} steps it gives the true cell{" "}
        {formatProbability(guess.truthProbability)}
        {best &&
          `; its first guess (${formatProbability(best.probability)}) is ${best.hash === guess.truth ? "that cell" : `${formatKm(best.km)} away`}`}
        .
      </p>
      <OneMonth>
        <MaskedPredictionMap
          name="live-guess"
          title="A hidden place, guessed as it learns"
          checkIns={marks}
          masked={guess.index}
          guesses={guesses}
          basemap={basemap}
          heightPx={300}
        />
      </OneMonth>
    </div>
  );
}
