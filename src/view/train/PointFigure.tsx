import { useMemo, type JSX } from "react";
import type { PointStatus } from "../../core/job/training-status";
import { RAW_BOX } from "../../notebook/pretrain-settings";
import { formatKm } from "../map/format";
import { PointGuessMap } from "../map/PointGuessMap";
import { OneMonth } from "../OneMonth";
import { usePage } from "../page-context";
import { formatCount } from "../words";
import { bestMarks } from "./curves";
import {
  errorCurves,
  errorLevels,
  filledText,
  formatError,
  kmCurves,
  kmLevels,
  pointFinding,
} from "./point-words";
import { RunFigure, StepChart } from "./RunFigure";

/** Ten points of one validation window, which the model gives itself, beside the true ones (PT-29 for RAW). */
function LivePoints({ guess }: { guess: NonNullable<PointStatus["guess"]> }): JSX.Element {
  const { basemap } = usePage();
  const { km, stayingKm, step } = guess;
  return (
    <div data-live-points={step}>
      <p className="finding">
        After {formatCount(step)} steps it goes on from a place that it knows to{" "}
        {formatKm(km.at(-1)!)} off the tenth true point; staying there is{" "}
        {formatKm(stayingKm.at(-1)!)} off.
      </p>
      <OneMonth>
        <PointGuessMap
          name="live-points"
          title="The next ten points, guessed every few seconds"
          guess={guess}
          basemap={basemap}
          heightPx={300}
        />
      </OneMonth>
    </div>
  );
}

/** A run of a GPT on points as it goes, or as it ended. */
export function PointFigure({ status }: { status: PointStatus }): JSX.Element {
  const { log, baselines, guess, best, failures, config, filledShare } = status;
  const curves = useMemo(
    () => ({
      error: errorCurves(log),
      km: kmCurves(log),
      errorLevels: errorLevels({ baselines }),
      kmLevels: kmLevels({ baselines }),
      marks: bestMarks({ best, failures, log }),
    }),
    [log, baselines, best, failures],
  );
  const [south, west, north, east] = config.box;
  const isRawBox = config.box.every((degrees, n) => degrees === RAW_BOX[n]);
  return (
    <RunFigure
      status={status}
      unit="points"
      sayBest={formatError}
      finding={pointFinding(status)}
      guess={guess && <LivePoints guess={guess} />}
      charts={
        <>
          <StepChart
            name="squared-error"
            curves={curves.error}
            levels={curves.errorLevels}
            marks={curves.marks}
            yLabel="mean squared error, half boxes"
            caption={
              config.isCausal
                ? "RAW’s loss: squared differences of normalised coordinates. A model that has learnt nothing of movement cannot do better than staying."
                : "The mask is off: every point sees the one that it should guess, so this error says nothing about guessing."
            }
          />
          <StepChart
            name="point-km"
            curves={curves.km}
            levels={curves.kmLevels}
            marks={curves.marks}
            yLabel="km"
            caption={
              "In validation: the next point, and the tenth of those that the model gives itself." +
              (isRawBox
                ? " RAW takes half its box for 100 km, which are 88.8 and 89.9, one coordinate at a time: its count is no distance."
                : "")
            }
          />
        </>
      }
    >
      ; box {south}, {west} to {north}, {east}, a point every {config.intervalMin} minutes
      {filledShare !== undefined && `; ${filledText(filledShare)}`}.
    </RunFigure>
  );
}
