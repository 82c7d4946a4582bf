/** Which trajectories the model did not expect, and where in them (TT-09). */
import type { Bert } from "../../model/bert";
import { decodeMasked } from "../../model/decode";
import { hideCheckIn } from "../../model/masked-target";
import { inPhase, type Progress } from "../../pace";
import { createRandom, shuffle } from "../../random";
import type { CellPieces } from "../../token/tokeniser";
import type { PlaceSequences } from "../baselines";

/** How little one check-in was expected. */
export interface CheckInSurprise {
  /** Its place in the trajectory. */
  readonly at: number;
  /** -log p of its cell among all cells, natural. */
  readonly nats: number;
}

/** One trajectory of the ranking. */
export interface Surprise {
  readonly trajectory: number;
  /** Perplexity per check-in: e to the mean of the nats. */
  readonly perplexity: number;
  /** Looked at one by one, all others open, in the order of time. */
  readonly checkIns: readonly CheckInSurprise[];
}

export interface SurpriseOptions {
  /** Check-ins looked at in each trajectory, drawn by seed; default 8, Infinity for all. */
  readonly each?: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Places of a trajectory that are hidden one at a time, in the order of time. */
function drawPlaces(count: number, each: number, seed: number, trajectory: number): number[] {
  const places = Array.from({ length: count }, (_, at) => at);
  if (each >= count) return places;
  const random = createRandom(seed, "surprise", trajectory);
  return shuffle(places, random)
    .slice(0, each)
    .sort((a, b) => a - b);
}

/** Trajectories by their perplexity, the least expected first; a check-in the model cannot write is left out. */
export async function* rankSurprise(
  { bert, pieces }: { bert: Bert; pieces: CellPieces },
  { offsets, cell }: PlaceSequences,
  trajectories: ArrayLike<number>,
  { each = 8, seed, signal }: SurpriseOptions,
): AsyncGenerator<Progress, Surprise[], void> {
  const asked = Array.from(trajectories).flatMap((k) => {
    const cells = cell.subarray(offsets[k], offsets[k + 1]);
    return drawPlaces(cells.length, each, seed, k).map((at) => ({ k, at, cells }));
  });
  const maxTokens = bert.config.maxPositions;
  const targets = asked.map(({ cells, at }) =>
    hideCheckIn(pieces, cells, { target: at, maxTokens }),
  );
  const work = decodeMasked(bert, pieces, targets, { beam: 0, top: 0, signal });
  const decoded = yield* inPhase("measure the surprise", work);
  const found = new Map<number, CheckInSurprise[]>();
  asked.forEach(({ k, at }, n) => {
    const { nats } = decoded[n]!;
    if (!Number.isFinite(nats)) return;
    const known = found.get(k);
    if (known) known.push({ at, nats });
    else found.set(k, [{ at, nats }]);
  });
  return [...found]
    .map(([trajectory, checkIns]) => {
      const mean = checkIns.reduce((sum, { nats }) => sum + nats, 0) / checkIns.length;
      return { trajectory, perplexity: Math.exp(mean), checkIns };
    })
    .sort((a, b) => b.perplexity - a.perplexity);
}
