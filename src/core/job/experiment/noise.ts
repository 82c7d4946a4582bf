import { createRandom } from "../../random";
import {
  disturbCells,
  disturbQuestion,
  dropSome,
  moveAll,
  replaceSome,
  type Disturb,
} from "../../task/experiments/disturb";
import type { Question } from "../../task/experiments/questions";
import type { Reading } from "../../task/experiments/readings";
import type { Decoded } from "../../model/decode";
import type { LinearModel } from "../../task/linear-model";
import { cellsOfTrajectory } from "../../data/trajectories";
import type { Report, Session } from "../session";
import {
  ASKED,
  askModel,
  bertOf,
  openStand,
  perplexitiesOf,
  questionsOf,
  standFacts,
  timeQuestion,
  type AskedName,
  type Stand,
} from "./ask";
import { firstGuess, previousPlace, scoreFirst } from "./first-guess";
import { drawMonths, fitHomes, TEST_SHARE, testHomes } from "./home-probe";
import { CellMover } from "./mover";
import { shareText } from "./words";
import { seedsFrom, type ExperimentChoice, type ExperimentWork, type Unit } from "./work";

/** A kind of noise at one level. */
interface Noise {
  readonly group: string;
  readonly at: string;
  readonly x: number;
  readonly disturb: Disturb | undefined;
}

const METRES = [100, 300, 1000, 3000];
const DROPPED = [0.2, 0.5, 0.8];
const STRANGERS = [0.1, 0.25, 0.5];
/** What is guessed with; the first guess alone is scored. The twin, which guesses nothing, tells likelihoods alone. */
const GUESSING = { beam: 2, top: 1 };
const LIKELIHOOD = { beam: 0, top: 0 };
/** Rows of the model a question: the true pieces, and one for each beginning that is followed up. */
const TWIN_WEIGHT = 1 / (1 + GUESSING.beam);
/** Months of the probe, at most. */
const MONTHS = 400;
/** Months that two models read in a part, in rows of a question of three rows. */
const MONTHS_WEIGHT = (2 * TEST_SHARE * MONTHS) / 3;

const metresText = (metres: number): string =>
  metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
function noisesOf({ dataset }: Stand, mover: CellMover): Noise[] {
  const { test, trajectories } = dataset;
  const move = (cell: number, east: number, north: number): number => mover.move(cell, east, north);
  return [
    { group: "", at: "as they are", x: 0, disturb: undefined },
    ...METRES.map((metres) => {
      const disturb = moveAll(metres, move);
      return { group: "metres of noise", at: `moved by ${metresText(metres)}`, x: metres, disturb };
    }),
    ...DROPPED.map((share) => {
      const disturb = dropSome(share);
      return { group: "share missing", at: `${shareText(share)} missing`, x: share, disturb };
    }),
    ...STRANGERS.map((share) => {
      const disturb = replaceSome(share, (random) =>
        cellsOfTrajectory(trajectories, test[random.integer(test.length)]!),
      );
      const at = `${shareText(share)} somebody else's`;
      return { group: "share of somebody else", at, x: share, disturb };
    }),
  ];
}

/** The probe of each model and seed: fitted once, on months without noise. */
class Probes {
  readonly #stand: Stand;
  readonly #known = new Map<string, LinearModel>();

  constructor(stand: Stand) {
    this.#stand = stand;
  }

  monthsOf(seed: number) {
    return drawMonths(this.#stand, MONTHS, seed);
  }

  async *open(
    name: AskedName,
    seed: number,
    signal: AbortSignal,
  ): AsyncGenerator<Report, LinearModel, void> {
    const key = `${name} ${seed}`;
    const bert = bertOf(this.#stand, name);
    const probe =
      this.#known.get(key) ?? (yield* fitHomes(this.#stand, bert, this.monthsOf(seed), signal));
    this.#known.set(key, probe);
    return probe;
  }
}

interface NoiseUnit {
  readonly stand: Stand;
  readonly noise: Noise;
  readonly probes: Probes;
  readonly mover: CellMover;
  readonly seed: number;
  readonly count: number;
}

/** The same questions and the same noise for both models. */
function noisyQuestions({ stand, noise: { disturb }, seed, count }: NoiseUnit): Question[] {
  return questionsOf(stand, { count, seed, share: 0 }).map((question, n) =>
    disturb ? disturbQuestion(question, disturb, createRandom(seed, "noise", n)) : question,
  );
}

/** What one of the two makes of them. */
function askOf(
  { stand, mover }: NoiseUnit,
  name: AskedName,
  questions: readonly Question[],
  options: { beam: number; top: number; phase: string; signal: AbortSignal },
): AsyncGenerator<Report, Decoded[], void> {
  const { pieces, tokeniser } = stand.model;
  const written = mover.extend(pieces, tokeniser);
  return askModel(bertOf(stand, name), pieces, questions, { ...options, written });
}

async function* measureGuesses(
  unit: NoiseUnit,
  phase: string,
  signal: AbortSignal,
): AsyncGenerator<Report, Omit<Reading, "at" | "seed">[], void> {
  const { stand } = unit;
  const questions = noisyQuestions(unit);
  const decoded = yield* askOf(unit, "pre-trained", questions, { ...GUESSING, phase, signal });
  const own = scoreFirst(stand, questions, decoded.map(firstGuess));
  const known = stand.dataset.cells.hi.length;
  const rival = scoreFirst(
    stand,
    questions,
    questions.map((one) => previousPlace(one, known)),
  );
  return [
    { series: "pre-trained", measure: "perplexity", value: perplexitiesOf(decoded)[0] },
    { series: "pre-trained", measure: "hits", value: own.hits },
    { series: "pre-trained", measure: "km", value: own.km },
    { series: "previous place", measure: "hits", value: rival.hits },
    { series: "previous place", measure: "km", value: rival.km },
  ];
}

async function* measureHomes(
  { stand, noise: { disturb }, probes, mover, seed }: NoiseUnit,
  name: AskedName,
  signal: AbortSignal,
): AsyncGenerator<Report, Omit<Reading, "at" | "seed">, void> {
  const { test } = probes.monthsOf(seed);
  const shown = test.map((cells, n) =>
    disturb ? disturbCells(cells, disturb, createRandom(seed, "noisy month", n)) : cells,
  );
  const { pieces, tokeniser } = stand.model;
  const probe = yield* probes.open(name, seed, signal);
  const asked = { probe, test, shown, pieces: mover.extend(pieces, tokeniser) };
  const value = yield* testHomes(stand, bertOf(stand, name), asked, signal);
  return { series: name, measure: "probeKm", value };
}

/** The readings of a unit with its setting. */
const inSetting = (
  { noise: { group, at, x }, seed }: NoiseUnit,
  found: readonly Omit<Reading, "at" | "seed">[],
): Reading[] => found.map((one) => ({ ...one, group, at, x, seed }));

async function* measureNoise(
  unit: NoiseUnit,
  phase: string,
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const found = yield* measureGuesses(unit, phase, signal);
  for (const name of ASKED) found.push(yield* measureHomes(unit, name, signal));
  return inSetting(unit, found);
}

async function* measureTwin(
  unit: NoiseUnit,
  phase: string,
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const series: AskedName = "random twin";
  const options = { ...LIKELIHOOD, phase, signal };
  const decoded = yield* askOf(unit, series, noisyQuestions(unit), options);
  return inSetting(unit, [{ series, measure: "perplexity", value: perplexitiesOf(decoded)[0] }]);
}

/** Two parts of one level of noise: what the model knows, and how surprised its twin is. */
function planLevel(unit: NoiseUnit): Unit[] {
  const { noise, seed, count } = unit;
  const words = `check-ins ${noise.at}`;
  const twinWords = `random twin, ${words}`;
  return [
    {
      key: `${noise.at} ${seed}`,
      words,
      weight: count + MONTHS_WEIGHT,
      run: (signal) => measureNoise(unit, words, signal),
    },
    {
      key: `random twin ${noise.at} ${seed}`,
      words: twinWords,
      weight: TWIN_WEIGHT * count,
      run: (signal) => measureTwin(unit, twinWords, signal),
    },
  ];
}

/** AD-28: what noise in the check-ins around does to guesses, and to what a probe reads off a month. */
export async function* openNoise(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const stand = yield* openStand(choice, session, signal);
  const { count, seeds } = choice.settings;
  const mover = new CellMover(stand.dataset.cells, stand.data.centres);
  const probes = new Probes(stand);
  const noises = noisesOf(stand, mover);
  const units = seedsFrom(choice.seed, seeds).flatMap((seed) =>
    noises.flatMap((noise) => planLevel({ stand, noise, probes, mover, seed, count })),
  );
  return {
    units,
    facts: [],
    ...standFacts(stand),
    time: (own) => timeQuestion(stand, { ...GUESSING, seed: choice.seed }, own),
  };
}
