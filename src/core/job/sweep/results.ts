import type { OurPerplexities, ResultsFile, SweepPoint } from "../../papers/results";
import type { SweepRecord } from "./record";
import { spreadOf, summariseSweep, type SettingSummary, type Spread } from "./summary";
import { SWEEP_WORDS } from "./words";

/** A point with its interval; one seed has none and tells nothing. */
function toPoint(
  spread: Spread | undefined,
  facts: Pick<SweepPoint, "over" | "at" | "measure" | "seeds">,
): SweepPoint[] {
  if (spread?.interval === undefined) return [];
  const [low, high] = spread.interval;
  return [{ ...facts, mean: spread.mean, low, high }];
}

/** What one setting tells of the claims about its sweep. */
function pointsOf(over: SweepRecord["over"], row: SettingSummary): SweepPoint[] {
  const { planned, runs, cellPerplexity } = row;
  const { resolution, maskRate } = planned.setting;
  const seeds = runs.length;
  if (over === "resolution" && seeds > 0) {
    const at = { over, at: resolution };
    const size = planned.vocabularySize; // which no chance changes
    return [
      { ...at, measure: "vocabulary", mean: size, low: size, high: size, seeds },
      ...toPoint(cellPerplexity, { ...at, measure: "perplexity", seeds }),
    ];
  }
  if (over !== "mask-ratio") return [];
  const own = spreadOf(runs.flatMap(({ scores }) => scores?.ownPerplexity ?? []));
  return toPoint(own, { over: "mask-rate", at: maskRate, measure: "perplexity", seeds });
}

/** Paper 1, A.4.2: the smallest share of the people against all of them. */
function smallData(rows: readonly SettingSummary[]): OurPerplexities {
  const ran = rows.filter(({ perplexity }) => perplexity !== undefined);
  const least = ran.toSorted((a, b) => a.planned.setting.share - b.planned.setting.share)[0];
  const all = ran.find(({ planned }) => planned.setting.share === 1);
  if (!least || !all || least === all) return {};
  return { trained: all.perplexity!.mean, smallData: least.perplexity!.mean };
}

/** A file of results as the verdict on the papers' claims reads it (`readResults`). */
export function sweepResults(record: SweepRecord): ResultsFile {
  const { over, data } = record;
  const rows = summariseSweep(record);
  return {
    footfallResults: 1,
    about: `${SWEEP_WORDS[over].title.toLowerCase()}, ${data.name}`,
    scores: [],
    gains: [],
    perplexities: over === "data" ? smallData(rows) : {},
    sweeps: rows.flatMap((row) => pointsOf(over, row)),
  };
}
