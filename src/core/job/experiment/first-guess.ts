import { haversineKm } from "../../geo/cells";
import type { Decoded } from "../../model/decode";
import type { Question } from "../../task/experiments/questions";
import { median } from "../../task/quantiles";
import type { Stand } from "./ask";

/** The likeliest cell. */
export const firstGuess = ({ guesses }: Decoded): number | undefined => guesses[0]?.cell;

/** Share of first guesses that are the true cell, and median kilometres from one to the other. */
export function scoreFirst(
  { data }: Pick<Stand, "data">,
  questions: readonly Question[],
  first: readonly (number | undefined)[],
): { hits: number; km: number } {
  const { lat, lng } = data.centres;
  const km = questions.map(({ cells, target }, i) => {
    const [truth, guess] = [cells[target]!, first[i]];
    return guess === undefined
      ? Infinity // silence must not pay
      : haversineKm(lat[guess]!, lng[guess]!, lat[truth]!, lng[truth]!);
  });
  return { hits: km.filter((one) => one === 0).length / km.length, km: median(km) };
}

/**
 * The nearest earlier check-in that is shown, or the nearest later one, among cells below `known`: what noise has moved
 * out of the area is no guess.
 */
export function previousPlace(
  { cells, target, hidden }: Question,
  known: number,
): number | undefined {
  const isShown = (place: number): boolean =>
    place !== target && !hidden.includes(place) && cells[place]! < known;
  const places = [...cells.keys()].filter(isShown);
  const place = places.findLast((one) => one < target) ?? places.find((one) => one > target);
  return place === undefined ? undefined : cells[place];
}
