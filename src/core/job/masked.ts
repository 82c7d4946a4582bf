import { cellHash, haversineKm } from "../geo/cells";
import { decodeMasked, type Decoded } from "../model/decode";
import { hideCheckIn } from "../model/masked-target";
import type { Guesser, Hidden } from "../task/baselines";
import { middleOfBelief } from "../task/belief";
import { BELIEF_CELLS } from "../task/masked-evaluation";
import { isUnseen } from "../task/masked-scores";
import type { DatasetSpec } from "./dataset";
import type { ModelSpec } from "./model";
import { openDataset, placesOf, type Dataset } from "./open-dataset";
import { openMaskedData } from "./open-masked-data";
import { openModel } from "./open-model";
import { toMade, type Made, type Report, type Session } from "./session";
import { testTrajectory } from "./stages";

export interface MaskedJob {
  kind: "masked";
  dataset: DatasetSpec;
  model: ModelSpec;
  trajectory: number;
  /** Check-ins hidden from the model; empty: one in the middle of the trajectory that can be told apart. */
  masked: number[];
  top: number;
  seed: number;
}

export interface Guess {
  hash: string;
  probability: number;
  /** Between the centres of the guess and of the true cell. */
  km: number;
}

export interface MaskedCheckIn {
  /** Ordinal in the trajectory. */
  index: number;
  truth: string;
  guesses: Guess[];
  /** Probability that the model gives to the true cell. */
  truthProbability: number;
  /** From the truth to the middle of the belief, the guess that is best for kilometres. */
  beliefKm: number;
  previousKm: number | undefined;
  middleKm: number | undefined;
}

export interface MaskedResult {
  trajectory: number;
  trajectoryCount: number;
  checkIns: { hash: string; startMs: number; lat: number; lng: number }[];
  masked: MaskedCheckIn[];
  made: Made;
}

/** The true cell's probability is read from the likelihood, also where it is not among the guesses. */
const toProbability = (nats: number): number => Math.exp(-nats);

/** The check-in in the middle, or the nearest one to it that stands nowhere else in the month. */
function chooseCheckIn(dataset: Dataset, { from, to }: Pick<Hidden, "from" | "to">): number {
  const middle = Math.floor((from + to) / 2);
  const places = placesOf(dataset);
  const byDistance = Array.from({ length: to - from }, (_, i) => from + i).sort(
    (a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b,
  );
  const isLone = (at: number): boolean => isUnseen(places, { trajectory: 0, at, from, to });
  return (byDistance.find(isLone) ?? middle) - from;
}

/** The check-ins of a trajectory as the page shows them. */
export function checkInsOf(
  { trajectories, centres, cells }: Dataset,
  k: number,
): MaskedResult["checkIns"] {
  const [from, to] = [trajectories.offsets[k]!, trajectories.offsets[k + 1]!];
  return Array.from(trajectories.checkIns.cell.subarray(from, to), (cell, i) => ({
    hash: cellHash(cells, cell),
    startMs: trajectories.checkIns.startMs[from + i]!,
    lat: centres.lat[cell]!,
    lng: centres.lng[cell]!,
  }));
}

/** Kilometres between the centres of two cells. */
const kmBetween = ({ centres: { lat, lng } }: Dataset, a: number, b: number): number =>
  haversineKm(lat[a]!, lng[a]!, lat[b]!, lng[b]!);

/** What the model made of one hidden check-in: its true cell with its probability, and the likeliest ones. */
export function describeGuesses(
  dataset: Dataset,
  truth: number,
  { guesses, nats }: Decoded,
  top: number,
): Pick<MaskedCheckIn, "truth" | "truthProbability" | "guesses"> {
  return {
    truth: cellHash(dataset.cells, truth),
    truthProbability: toProbability(nats),
    guesses: guesses.slice(0, top).map(({ cell, probability }) => ({
      hash: cellHash(dataset.cells, cell),
      probability,
      km: kmBetween(dataset, cell, truth),
    })),
  };
}

/** Guesses hidden check-ins of one trajectory, each with the others hidden too (paper 1, Figure 1). */
export async function* runMasked(
  job: MaskedJob,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, MaskedResult, void> {
  const startedAt = performance.now();
  const dataset = yield* openDataset(job.dataset, session, signal);
  const model = yield* openModel(job.model, dataset, session, signal);
  const { trajectories, centres } = dataset;
  const k = testTrajectory(dataset, job.trajectory);
  const [from, to] = [trajectories.offsets[k]!, trajectories.offsets[k + 1]!];
  const cells = trajectories.checkIns.cell.subarray(from, to);
  const chosen = job.masked.filter((index) => index < cells.length);
  const hidden = chosen.length > 0 ? chosen : [chooseCheckIn(dataset, { from, to })];
  const { guessers, sequences } = yield* openMaskedData(dataset, session);
  const hours = sequences.hours?.subarray(from, to);
  const { maxPositions: maxTokens } = model.bert.config;
  const targets = hidden.map((target) =>
    hideCheckIn(model.pieces, cells, { target, hidden, hours, maxTokens }),
  );
  const options = { top: BELIEF_CELLS, signal };
  const decoded = yield* decodeMasked(model.bert, model.pieces, targets, options);
  const kmOf = (guess: Guesser, index: number): number | undefined => {
    const [first] = guess({ trajectory: k, at: from + index, from, to });
    return first === undefined ? undefined : kmBetween(dataset, first, cells[index]!);
  };
  return {
    trajectory: job.trajectory,
    trajectoryCount: dataset.test.length,
    checkIns: checkInsOf(dataset, k),
    masked: hidden.map((index, n) => ({
      index,
      ...describeGuesses(dataset, cells[index]!, decoded[n]!, job.top),
      beliefKm: kmBetween(dataset, middleOfBelief(decoded[n]!.guesses, centres), cells[index]!),
      previousKm: kmOf(guessers["previous place"], index),
      middleKm: kmOf(guessers["middle of the neighbours"], index),
    })),
    made: toMade(startedAt, { seed: job.seed, data: dataset.key, model: model }),
  };
}
