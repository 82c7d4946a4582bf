import type { Pace } from "../pace";
import { piecesEnd } from "../token/extras";
import type { Corpus } from "../token/read-shards";
import type { ValidationRow } from "./validation";

/** Perplexities of guesses that need no model, on the check-ins that a run is validated on. */
export interface BaselineScores {
  /** Guessing by how often a piece, or a cell, stands in the training part. */
  readonly frequency: { readonly perplexity: number; readonly cellPerplexity: number };
  /**
   * Staying where the neighbours are: previous check-in, next check-in, or by frequency, mixed in the shares
   * that make the training part likeliest.
   */
  readonly persistence: { readonly cellPerplexity: number };
}

/** A check-in as a text that is equal for equal cells. */
type Place = string;

/** Check-ins of a row of pieces, split where a hash starts; [CLS] and [SEP] are not among them. */
function readPlaces(tokens: ArrayLike<number>, isStart: (at: number) => boolean): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (isStart(at) || places.length === 0) places.push(String(tokens[at]));
    else places[places.length - 1] += ` ${tokens[at]}`;
  }
  return places;
}

function trajectoryPlaces({ tokens, starts, offsets }: Corpus, row: number): Place[] {
  const [from, to] = [offsets[row]!, offsets[row + 1]!];
  return readPlaces(tokens.subarray(from, to), (at) => starts[from + at] === 1);
}

/** Counts, with one added for everything that can be: nothing is impossible. */
class Frequencies<K> {
  readonly #counts = new Map<K, number>();
  #total = 0;

  add(key: K): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#total++;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** Among `possible` things. */
  probability(key: K, possible: number): number {
    return ((this.#counts.get(key) ?? 0) + 1) / (this.#total + possible);
  }
}

/** Steps after which the shares of the mixture have settled. */
const ROUNDS = 20;
/** Trajectories that the shares are fitted to at most. */
const FITTED = 500;

/** One check-in under each of the three guesses: previous, next, frequency. */
type Guesses = readonly [previous: number, next: number, frequency: number];

/** Shares of the mixture by expectation and maximisation. */
function fitShares(guesses: readonly Guesses[]): number[] {
  let shares = [1 / 3, 1 / 3, 1 / 3];
  for (let round = 0; round < ROUNDS; round++) {
    const sums = [0, 0, 0];
    for (const guess of guesses) {
      const total = mix(guess, shares);
      guess.forEach((p, n) => (sums[n]! += (p * shares[n]!) / total));
    }
    shares = sums.map((sum) => sum / guesses.length);
  }
  return shares;
}

const mix = (guess: Guesses, shares: readonly number[]): number =>
  guess.reduce((sum, p, n) => sum + p * shares[n]!, 0);

/** A masked check-in of a validation row: its place, and the places beside it that are not masked. */
function* maskedPlaces({ tokens, labels, ordinals, cellOf }: ValidationRow) {
  const places: Place[] = [];
  const isMasked: boolean[] = [];
  cellOf.forEach((cell, at) => {
    if (cell < 0) return;
    const piece = ordinals[at]! < 0 ? tokens[at]! : labels[at]!;
    places[cell] = places[cell] === undefined ? String(piece) : `${places[cell]} ${piece}`;
    isMasked[cell] = ordinals[at]! >= 0;
  });
  for (const [n, place] of places.entries()) {
    if (!isMasked[n]) continue;
    const open = (step: number): Place | undefined => {
      let at = n + step;
      while (isMasked[at]) at += step;
      return places[at];
    };
    yield { place, previous: open(-1), next: open(1) };
  }
}

/** Sums of negative log-likelihoods over masked check-ins and their pieces. */
interface Nats {
  pieces: number;
  pieceNats: number;
  cells: number;
  cellNats: number;
  persistentNats: number;
}

/** What the training part says: how often pieces and cells stand there, and how people stay. */
interface Learnt {
  readonly pieces: Frequencies<number>;
  readonly guess: (place: Place, previous?: Place, next?: Place) => Guesses;
  readonly shares: readonly number[];
}

async function learn(train: Corpus, pace: Pace): Promise<Learnt> {
  const [pieces, cells] = [new Frequencies<number>(), new Frequencies<Place>()];
  const count = train.offsets.length - 1;
  for (let row = 0; row < count; row++) {
    for (let at = train.offsets[row]!; at < train.offsets[row + 1]!; at++)
      pieces.add(train.tokens[at]!);
    trajectoryPlaces(train, row).forEach((place) => cells.add(place));
    if (pace.due()) await pace.rest();
  }
  const possible = cells.size + 1; // one more for all that was never visited
  const guess: Learnt["guess"] = (place, previous, next) => [
    place === previous ? 1 : 0,
    place === next ? 1 : 0,
    cells.probability(place, possible),
  ];
  const fitted: Guesses[] = [];
  for (let row = 0; row < Math.min(count, FITTED); row++) {
    const places = trajectoryPlaces(train, row);
    places.forEach((place, n) => fitted.push(guess(place, places[n - 1], places[n + 1])));
    if (pace.due()) await pace.rest();
  }
  return { pieces, guess, shares: fitShares(fitted) };
}

function addRow(nats: Nats, row: ValidationRow, learnt: Learnt, V: number): void {
  for (const { place, previous, next } of maskedPlaces(row)) {
    const guesses = learnt.guess(place, previous, next);
    nats.cellNats -= Math.log(guesses[2]);
    nats.persistentNats -= Math.log(mix(guesses, learnt.shares));
    nats.cells++;
  }
  row.labels.forEach((label, at) => {
    if (row.ordinals[at]! < 0) return;
    nats.pieceNats -= Math.log(learnt.pieces.probability(label, V));
    nats.pieces++;
  });
}

/** The baselines of a data set: what the training part says about the masked check-ins of the rows. */
export async function measureBaselines(
  train: Corpus,
  rows: readonly ValidationRow[],
  vocabularySize: number,
  pace: Pace,
): Promise<BaselineScores> {
  const learnt = await learn(train, pace);
  const V = piecesEnd({ extras: train.extras, vocabularySize });
  const nats: Nats = { pieces: 0, pieceNats: 0, cells: 0, cellNats: 0, persistentNats: 0 };
  for (const row of rows) addRow(nats, row, learnt, V);
  return {
    frequency: {
      perplexity: Math.exp(nats.pieceNats / nats.pieces),
      cellPerplexity: Math.exp(nats.cellNats / nats.cells),
    },
    persistence: { cellPerplexity: Math.exp(nats.persistentNats / nats.cells) },
  };
}
