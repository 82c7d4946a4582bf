import type { Progress } from "../core/pace";

/** Runs long work to its end and shows each report. */
export async function showing<T>(
  work: AsyncGenerator<Progress, T>,
  show: (report: Progress) => void,
): Promise<T> {
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
    show(next.value);
  }
}
