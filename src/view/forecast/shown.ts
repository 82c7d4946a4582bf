import type { ForecastResult } from "../../core/job/forecast";
import type { Guesser } from "../../core/task/guessers";
import type { LngLat } from "../map/shapes";

/** A place, or nothing where it may not be shown. */
export type Shown = LngLat | undefined;

/** What of a forecast may be shown. */
export interface ShownForecast {
  readonly known: readonly Shown[];
  readonly truth: readonly Shown[];
  readonly guesses: Readonly<Record<Guesser, readonly Shown[]>>;
  /** Known and true places that are left out. */
  readonly hidden: number;
}

const toShown = ([lng, lat]: readonly [number, number]): LngLat => [lng, lat];

/**
 * A forecast without places whose cell fewer than k real people visited (PV-02). A guess tells of the truth beside it
 * and of the points that it goes on from, so it goes with either of them; one that lies where only a few were goes too.
 */
export function withoutRarePoints(result: ForecastResult, k: number): ShownForecast {
  const { people, known, truth, guesses } = result;
  const ofAll = (by: (guesser: Guesser) => Shown[]): Record<Guesser, Shown[]> => ({
    model: by("model"),
    persistence: by("persistence"),
    linear: by("linear"),
    yesterday: by("yesterday"),
  });
  if (people === undefined) {
    const all = ofAll((guesser) => guesses[guesser].places.map(toShown));
    return { known: known.map(toShown), truth: truth.map(toShown), guesses: all, hidden: 0 };
  }
  const isCommon = (count: number): boolean => count >= k;
  const isRare = (count: number): boolean => count > 0 && count < k;
  const pick = (places: ForecastResult["known"], isShown: (n: number) => boolean): Shown[] =>
    places.map((place, n) => (isShown(n) ? toShown(place) : undefined));
  const canStart = people.known.slice(-2).every(isCommon);
  const shownKnown = pick(known, (n) => isCommon(people.known[n]!));
  const shownTruth = pick(truth, (n) => isCommon(people.truth[n]!));
  return {
    known: shownKnown,
    truth: shownTruth,
    guesses: ofAll((guesser) =>
      pick(guesses[guesser].places, (n) => {
        return canStart && isCommon(people.truth[n]!) && !isRare(people.guesses[guesser][n]!);
      }),
    ),
    hidden: [...shownKnown, ...shownTruth].filter((place) => place === undefined).length,
  };
}
