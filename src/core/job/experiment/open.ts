import { openCountries } from "./countries";
import { openTimeSlices } from "./time-slices";
import { openTimes } from "./times";
import { openTokens } from "./tokens";
import type { ExperimentName } from "../../task/experiments/names";
import type { Report, Session } from "../session";
import { openNoise } from "./noise";
import { openOrder } from "./order";
import { openRare } from "./rare";
import type { ExperimentChoice, ExperimentWork } from "./work";

type Opener = (
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
) => AsyncGenerator<Report, ExperimentWork, void>;

const OPENERS: Readonly<Record<ExperimentName, Opener>> = {
  order: openOrder,
  noise: openNoise,
  rare: openRare,
  tokens: openTokens,
  countries: openCountries,
  "time-slices": openTimeSlices,
  times: openTimes,
};

/** The data and models of an experiment, and its units. Throws what they throw. */
export function openExperiment(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  return OPENERS[choice.experiment](choice, session, signal);
}
