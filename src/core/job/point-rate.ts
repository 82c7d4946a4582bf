import type { Points } from "../data/points";
import { runSlices } from "../data/slices";
import { tokeniseColumns } from "../gpu/tokenise/tokenise-columns";
import type { Dataset } from "./open-dataset";

/** Points that are timed: enough that what is prepared once hardly counts. */
const POINTS = 100_000;
/** They are run through again until this much time is over. */
const ENOUGH_SECONDS = 0.1;

/** The check-ins of a data set as points in the middles of cells; of a small one by as many more people as it takes. */
function takePoints({ centres, trajectories }: Dataset): Points {
  const { users, user, cell, startMs } = trajectories.checkIns;
  const rounds = Math.ceil(POINTS / cell.length);
  const from = Uint32Array.from({ length: POINTS }, (_, n) => n % cell.length);
  return {
    users: Array.from({ length: rounds * users.length }, (_, n) => String(n)),
    user: from.map((at, n) => user[at]! + users.length * Math.floor(n / cell.length)),
    timeMs: Float64Array.from(from, (at) => startMs[at]!),
    lat: Float64Array.from(from, (at) => centres.lat[cell[at]!]!),
    lng: Float64Array.from(from, (at) => centres.lng[cell[at]!]!),
  };
}

/** Points that one thread of the processor turns into cells and check-ins a second, timed on a data set's own places. */
export function measurePointRate(dataset: Dataset): number {
  const points = takePoints(dataset);
  const { resolution } = dataset.cells;
  runSlices(tokeniseColumns(points, { resolution })); // the first pass also compiles
  const from = performance.now();
  for (let passes = 1; ; passes++) {
    runSlices(tokeniseColumns(points, { resolution }));
    const seconds = (performance.now() - from) / 1000;
    if (seconds > ENOUGH_SECONDS) return (passes * POINTS) / seconds;
  }
}
