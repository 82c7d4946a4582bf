import { runSlices } from "../data/slices";
import { tokeniseColumns } from "../gpu/tokenise/tokenise-columns";
import type { Dataset } from "./open-dataset";

/** Points that are timed at most; more only take longer. */
const MOST = 100_000;
/** They are run through again until this much time is over: one pass of a small data set is too short. */
const ENOUGH_SECONDS = 0.1;

/** Points that one thread of the processor turns into cells and check-ins a second, timed on a data set's own places. */
export function measurePointRate({ cells, centres, trajectories }: Dataset): number {
  const { users, user, cell, startMs } = trajectories.checkIns;
  const taken = cell.subarray(0, MOST);
  const points = {
    users,
    user: user.subarray(0, MOST),
    timeMs: startMs.subarray(0, MOST),
    lat: Float64Array.from(taken, (n) => centres.lat[n]!),
    lng: Float64Array.from(taken, (n) => centres.lng[n]!),
  };
  const { resolution } = cells;
  runSlices(tokeniseColumns(points, { resolution })); // the first pass also compiles
  const from = performance.now();
  for (let passes = 1; ; passes++) {
    runSlices(tokeniseColumns(points, { resolution }));
    const seconds = (performance.now() - from) / 1000;
    if (seconds > ENOUGH_SECONDS) return (passes * taken.length) / seconds;
  }
}
