import { FootfallError } from "../errors";
import { haversineKm } from "../geo/cells";
import { decodeMasked, type Decoded } from "../model/decode";
import { hideCheckIn } from "../model/masked-target";
import { measurePerplexities } from "../model/scores";
import { inPhase, type Progress } from "../pace";
import type { Hidden } from "../task/baselines";
import { chooseHidden } from "../task/masked-scores";
import { median } from "../task/quantiles";
import type { ModelSpec } from "./model";
import { openHours } from "./open-calendar";
import { placesOf, type Dataset } from "./open-dataset";
import { openModel } from "./open-model";
import type { RarityBand } from "./rarity";
import type { Session } from "./session";

/** What the model makes of hidden check-ins in cells that training saw so often. */
export interface BandError extends Pick<RarityBand, "from" | "to"> {
  /** Check-ins that were hidden, one in each of as many test trajectories. */
  hidden: number;
  /** From the first guess to the true cell; NaN where none was hidden. */
  medianKm: number;
  perplexity: number;
}

/** Hidden check-ins: few enough for half a minute on a CPU. */
const HIDDEN = 200;
const BEAM = 8;

/** Kilometres between the first guess and the truth. */
function errorKm({ centres: { lat, lng } }: Dataset, { guesses }: Decoded, truth: number): number {
  const guess = guesses[0]?.cell;
  if (guess === undefined) return Number.NaN;
  return haversineKm(lat[guess]!, lng[guess]!, lat[truth]!, lng[truth]!);
}

/**
 * The model's error against the visits of the hidden cell (TK-08), neighbours open. Data of another resolution
 * than the model's, and "weights-mismatch", are the caller's to refuse.
 */
export async function* measureBandErrors(
  spec: ModelSpec,
  dataset: Dataset,
  { bands, visits, seed }: { bands: readonly RarityBand[]; visits: Uint32Array; seed: number },
  { session, signal }: { session: Session; signal: AbortSignal },
): AsyncGenerator<Progress, BandError[], void> {
  const { bert, pieces } = yield* openModel(spec, dataset, session, signal);
  const places = placesOf(dataset);
  const hidden = chooseHidden(places, dataset.test, { count: HIDDEN, seed });
  if (hidden.length === 0) throw new FootfallError("no-data", "no test trajectory to ask about");
  const { maxPositions: maxTokens } = bert.config;
  const hourOf = await openHours(dataset);
  const targets = hidden.map(({ at, from, to }) => {
    const hours = hourOf.subarray(from, to);
    const cells = places.cell.subarray(from, to);
    return hideCheckIn(pieces, cells, { target: at - from, hours, maxTokens });
  });
  const work = decodeMasked(bert, pieces, targets, { beam: BEAM, top: 1, signal });
  const decoded = yield* inPhase("guess hidden check-ins", work);
  const truthOf = ({ at }: Hidden): number => places.cell[at]!;
  return bands.map(({ from, to }) => {
    const own = [...hidden.keys()].filter((i) => {
      const count = visits[truthOf(hidden[i]!)]!;
      return count >= from && count <= (to ?? Infinity);
    });
    const kms = own.map((i) => errorKm(dataset, decoded[i]!, truthOf(hidden[i]!)));
    const { perCell } = measurePerplexities(own.map((i) => decoded[i]!));
    return { from, to, hidden: own.length, medianKm: median(kms), perplexity: perCell };
  });
}
