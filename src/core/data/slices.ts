import { createPace, type Progress } from "../pace";

/** Work on columns in slices of a few milliseconds: yields how many rows are done. */
export type Sliced<T> = Generator<number, T, void>;

/** Rows between two yields: about 5 ms of h3-js, far less of anything else. */
export const ROWS_PER_SLICE = 5000;

/** Runs sliced work to its end at once. */
export function runSlices<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Runs sliced work with rests and reports. Throws "stopped" after an abort. */
export async function* paceSlices<T>(
  work: Sliced<T>,
  report: Omit<Progress, "done">,
  signal?: AbortSignal,
): AsyncGenerator<Progress, T, void> {
  const pace = createPace(signal);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!pace.due()) continue;
    yield { ...report, done: value };
    await pace.rest();
  }
}
