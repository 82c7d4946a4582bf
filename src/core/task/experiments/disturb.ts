/** Noise in check-ins (AD-28): moved places, missing check-ins, check-ins of somebody else. */
import type { Random } from "../../random";
import type { Question } from "./questions";

/** A check-in after the noise, and where it stood before. */
interface Placed {
  readonly place: number;
  readonly cell: number;
}

/** Does something to the check-ins of one trajectory; those that are asked about stay as they are. */
export type Disturb = (
  cells: Uint32Array,
  isFixed: (place: number) => boolean,
  random: Random,
) => Placed[];

const placed = (cells: Uint32Array): Placed[] =>
  Array.from(cells, (cell, place) => ({ place, cell }));

/** A share of the check-ins is missing. */
export const dropSome =
  (share: number): Disturb =>
  (cells, isFixed, random) =>
    placed(cells).filter(({ place }) => {
      const isDropped = random.uniform() < share;
      return !isDropped || isFixed(place);
    });

/** A share of the check-ins is another person's, `strangerOf` says whose. */
export const replaceSome =
  (share: number, strangerOf: (random: Random) => Uint32Array): Disturb =>
  (cells, isFixed, random) => {
    const stranger = strangerOf(random);
    return placed(cells).map(({ place, cell }) => {
      const isReplaced = random.uniform() < share;
      const other = stranger[place % stranger.length]!;
      return { place, cell: isReplaced && !isFixed(place) ? other : cell };
    });
  };

/** All check-ins are moved by normal noise of so many metres east and as many north (standard deviations). */
export const moveAll =
  (metres: number, move: (cell: number, eastM: number, northM: number) => number): Disturb =>
  (cells, isFixed, random) =>
    placed(cells).map(({ place, cell }) => {
      const [east, north] = [metres * random.normal(), metres * random.normal()];
      return { place, cell: isFixed(place) ? cell : move(cell, east, north) };
    });

/** A question among disturbed neighbours: the hidden check-ins are the same ones. */
export function disturbQuestion(
  { cells, hours, target, hidden }: Question,
  disturb: Disturb,
  random: Random,
): Question {
  const fixed = new Set([target, ...hidden]);
  const left = disturb(cells, (place) => fixed.has(place), random);
  const now = new Map(left.map(({ place }, i) => [place, i]));
  return {
    cells: Uint32Array.from(left, ({ cell }) => cell),
    hours: hours && Uint8Array.from(left, ({ place }) => hours[place]!),
    target: now.get(target)!,
    hidden: hidden.map((place) => now.get(place)!),
  };
}

/** A whole disturbed trajectory, of one check-in at least. */
export function disturbCells(cells: Uint32Array, disturb: Disturb, random: Random): Uint32Array {
  const left = disturb(cells, () => false, random).map(({ cell }) => cell);
  return left.length > 0 ? Uint32Array.from(left) : cells.slice(0, 1);
}
