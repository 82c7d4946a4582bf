import { createRandom, shuffle } from "../../random";
import { trajectoriesOf } from "../../data/columnar/tables";
import { haversineKm } from "../../geo/cells";
import type { Question } from "../../task/experiments/questions";
import type { Reading } from "../../task/experiments/readings";
import { countVisits } from "../../task/baselines";
import { allRows, applyLinear, type Matrix } from "../../task/linear-model";
import { median } from "../../task/quantiles";
import { drawSample } from "../../task/sample";
import { chooseRidge } from "../../task/strength";
import { embedSequences } from "../../task/table/embed-sequences";
import { toSequence } from "../../train/labelled-rows";
import { rarityBands, type RarityBand } from "../rarity";
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
import { shareText } from "./words";
import { seedsFrom, type ExperimentChoice, type ExperimentWork, type Unit } from "./work";

const GUESSING = { beam: 4, top: 1 };
/** Questions among which those of each band are looked for, for each that is asked. */
const DRAWN_FOR_ONE = 40;
/** Fewer in a band say nothing. */
const LEAST = 8;
/** Cells from which the probe learns where cells are. */
const LEARNT_CELLS = 1500;
/** Questions that reading the probe's cells is worth. */
const PROBE_WEIGHT = 60;

type Found = Omit<Reading, "seed">;

/** How often training saw the cells of a band, in words. */
const bandText = ({ from, to }: RarityBand): string =>
  to === undefined
    ? `${from} or more`
    : from === to
      ? from === 0
        ? "never"
        : `${from}`
      : `${from}–${to}`;

interface RareStand extends Stand {
  readonly bands: readonly RarityBand[];
}

const bandOf = ({ bands, data }: RareStand, cell: number): RarityBand =>
  bands.findLast(({ from }) => data.visits[cell]! >= from)!;

/** At most so many questions about cells of each band. */
function questionsByBand(
  stand: RareStand,
  { count, seed }: { count: number; seed: number },
): Map<RarityBand, Question[]> {
  const all = questionsOf(stand, { count: DRAWN_FOR_ONE * count, seed, share: 0 });
  const found = new Map(stand.bands.map((band): [RarityBand, Question[]] => [band, []]));
  for (const question of all) {
    const own = found.get(bandOf(stand, question.cells[question.target]!))!;
    if (own.length < count) own.push(question);
  }
  return found;
}

/** Perplexity of guessing by visits alone, p = (visits + 1) / (all visits + cells). */
function countingPerplexity({ data }: Stand, questions: readonly Question[]): number {
  const { visits } = data;
  const total = visits.reduce((sum, one) => sum + one, visits.length);
  const nats = questions.map(
    ({ cells, target }) => -Math.log((visits[cells[target]!]! + 1) / total),
  );
  return Math.exp(nats.reduce((sum, one) => sum + one, 0) / nats.length);
}

async function* askBand(
  stand: RareStand,
  band: RarityBand,
  questions: readonly Question[],
  signal: AbortSignal,
): AsyncGenerator<Report, Found[], void> {
  const { model, dataset } = stand;
  const at = bandText(band);
  const options = { ...GUESSING, phase: `cells by visits: ${at}`, signal };
  const decoded = yield* askModel(model.bert, model.pieces, questions, options);
  const own = scoreFirst(stand, questions, decoded.map(firstGuess));
  const known = dataset.cells.hi.length;
  const rival = scoreFirst(
    stand,
    questions,
    questions.map((one) => previousPlace(one, known)),
  );
  const setting = { at, x: band.from };
  return [
    { series: "pre-trained", ...setting, measure: "perplexity", value: perplexitiesOf(decoded)[0] },
    { series: "pre-trained", ...setting, measure: "hits", value: own.hits },
    { series: "pre-trained", ...setting, measure: "km", value: own.km },
    { series: "previous place", ...setting, measure: "hits", value: rival.hits },
    { series: "previous place", ...setting, measure: "km", value: rival.km },
    {
      series: "counting visits",
      ...setting,
      measure: "perplexity",
      value: countingPerplexity(stand, questions),
    },
  ];
}

/** Some cells of each band, for the probe. */
function cellsByBand(stand: RareStand, count: number, seed: number): Map<RarityBand, number[]> {
  const order = shuffle(allRows(stand.dataset.cells.hi.length), createRandom(seed, "rare cells"));
  const found = new Map(stand.bands.map((band): [RarityBand, number[]] => [band, []]));
  for (const cell of order) {
    const own = found.get(bandOf(stand, cell))!;
    if (own.length < count) own.push(cell);
  }
  return found;
}

/** Where a linear probe on a model's states puts cells, against where they are, band by band. */
async function* probePlaces(
  stand: RareStand,
  name: AskedName,
  { count, seed }: { count: number; seed: number },
  signal: AbortSignal,
): AsyncGenerator<Report, Found[], void> {
  const { lat, lng } = stand.data.centres;
  const bert = bertOf(stand, name);
  const embed = (cells: ArrayLike<number>): AsyncGenerator<Report, Matrix, void> =>
    embedSequences(
      bert,
      Array.from(cells, (cell) => toSequence(stand.model.pieces, [cell], bert.config.maxPositions)),
      signal,
    );
  const tested = cellsByBand(stand, count, seed);
  const held = new Set([...tested.values()].flat());
  const others = allRows(lat.length).filter((cell) => !held.has(cell));
  const learn = drawSample(others, LEARNT_CELLS, seed, "cells of the rare probe");
  const states = yield* embed(learn);
  const places = Array.from(learn).flatMap((cell) => [lat[cell]!, lng[cell]!]);
  const rows = allRows(learn.length);
  const cut = Math.round(0.2 * rows.length);
  const { model } = yield* chooseRidge(
    states,
    { data: Float64Array.from(places), width: 2 },
    { train: rows.slice(cut), validation: rows.slice(0, cut), signal },
  );
  const found: Found[] = [];
  for (const [band, cells] of tested) {
    if (cells.length < LEAST) continue;
    const guessed = applyLinear(model, yield* embed(cells), allRows(cells.length));
    const km = cells.map((cell, n) =>
      haversineKm(lat[cell]!, lng[cell]!, guessed[2 * n]!, guessed[2 * n + 1]!),
    );
    const setting = { at: bandText(band), x: band.from };
    found.push({ series: name, ...setting, measure: "probeKm", value: median(km) });
  }
  return found;
}

async function* measureRare(
  stand: RareStand,
  options: { count: number; seed: number },
  signal: AbortSignal,
): AsyncGenerator<Report, Reading[], void> {
  const found: Found[] = [];
  for (const [band, questions] of questionsByBand(stand, options)) {
    if (questions.length >= LEAST) found.push(...(yield* askBand(stand, band, questions, signal)));
  }
  for (const name of ASKED) found.push(...(yield* probePlaces(stand, name, options, signal)));
  return found.map((one) => ({ ...one, seed: options.seed }));
}

/** TK-08: the error about a place by how often training saw it. */
export async function* openRare(
  choice: ExperimentChoice,
  session: Session,
  signal: AbortSignal,
): AsyncGenerator<Report, ExperimentWork, void> {
  const stand = yield* openStand(choice, session, signal);
  const { data, dataset } = stand;
  const cellCount = dataset.cells.hi.length;
  const test = countVisits(data.sequences, trajectoriesOf(dataset.parts, "test"), cellCount);
  const bands = rarityBands(data.visits, test, cellCount);
  const { count, seeds } = choice.settings;
  const units = seedsFrom(choice.seed, seeds).map((seed): Unit => {
    const options = { count, seed };
    return {
      key: `bands ${seed}`,
      words: `cells by visits, seed ${seed}`,
      weight: bands.length * count + PROBE_WEIGHT,
      run: (own) => measureRare({ ...stand, bands }, options, own),
    };
  });
  const shares = bands.map((band) => `${bandText(band)}: ${shareText(band.testShare)}`);
  return {
    units,
    facts: [
      `Test check-ins by how often the training part of these data saw their cell: ${shares.join(", ")}.`,
    ],
    ...standFacts(stand),
    time: (own) => timeQuestion(stand, { ...GUESSING, seed: choice.seed }, own),
  };
}
