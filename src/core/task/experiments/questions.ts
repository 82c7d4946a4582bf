/** Hidden check-ins among their neighbours, and what can be done to the neighbours. */
import { hideCheckIn, type MaskedTarget } from "../../model/masked-target";
import { createRandom, shuffle, type Random } from "../../random";
import type { CellPieces } from "../../token/tokeniser";
import type { PlaceSequences } from "../baselines";
import { chooseHidden } from "../masked-scores";

/** A hidden check-in and what stands around it, few enough that the model sees all of it. */
export interface Question {
  /** In the order in which they are shown. */
  readonly cells: Uint32Array;
  /** Of the week, for a model that knows times; absent where the data have none. */
  readonly hours?: Uint8Array | undefined;
  /** Place of the check-in to guess. */
  readonly target: number;
  /** Places of others that are hidden with it. */
  readonly hidden: readonly number[];
}

/** What questions are drawn with. */
export interface QuestionOptions {
  readonly count: number;
  readonly seed: number;
  /** Check-ins of a question at most. */
  readonly most: number;
  /** Share of the other check-ins that is hidden at the same time. */
  readonly share: number;
}

/** The most check-ins that fit into a row whatever their cells are. */
export function mostCheckIns({ offsets }: CellPieces, maxPositions: number): number {
  let longest = 1;
  for (let n = 0; n + 1 < offsets.length; n++) {
    longest = Math.max(longest, offsets[n + 1]! - offsets[n]!);
  }
  return Math.max(2, Math.floor((maxPositions - 2) / longest));
}

/** So many check-ins around a place, fewer where the trajectory is shorter. */
export function windowAround(
  place: number,
  length: number,
  most: number,
): readonly [from: number, to: number] {
  const from = Math.max(0, Math.min(place - Math.floor(most / 2), length - most));
  return [from, Math.min(length, from + most)];
}

/** Draws questions by seed, one from each of as many trajectories; neighbours far away are left out. */
export function drawQuestions(
  sequences: PlaceSequences,
  trajectories: ArrayLike<number>,
  { count, seed, most, share }: QuestionOptions,
): Question[] {
  return chooseHidden(sequences, trajectories, { count, seed }).map(({ at, from, to }) => {
    const random = createRandom(seed, "hidden beside", at);
    const [first, end] = windowAround(at - from, to - from, most);
    const cells = sequences.cell.slice(from + first, from + end);
    const target = at - from - first;
    const hidden = [...cells.keys()].filter((i) => i !== target && random.uniform() < share);
    return { cells, hours: sequences.hours?.slice(from + first, from + end), target, hidden };
  });
}

/** The row that a model sees. */
export function toTarget(
  { cells, hours, target, hidden }: Question,
  pieces: CellPieces,
  maxTokens: number,
): MaskedTarget {
  return hideCheckIn(pieces, cells, { target, hidden, hours, maxTokens });
}

/** The question with its check-ins in another order: `order[place]` is the place where each stood before. */
function reorder({ cells, hours, target, hidden }: Question, order: ArrayLike<number>): Question {
  const places = new Map(Array.from(order, (old, place) => [old, place]));
  return {
    cells: Uint32Array.from(order, (old) => cells[old]!),
    hours: hours && Uint8Array.from(order, (old) => hours[old]!),
    target: places.get(target)!,
    hidden: hidden.map((old) => places.get(old)!),
  };
}

/** A share of the check-ins, hidden ones among them, change places with one another. */
export function shuffleOrder(question: Question, share: number, random: Random): Question {
  const count = question.cells.length;
  const moved = [...Array(count).keys()].filter(() => random.uniform() < share);
  const places = shuffle([...moved], random);
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  moved.forEach((place, i) => (order[place] = places[i]!));
  return reorder(question, order);
}
