import type { Pace, Progress } from "../pace";

/** Cells worked on between two looks at the clock. */
const SLICE = 4096;

/** The pace of a long piece of work and how far each of its stages counts. */
export interface Course {
  readonly pace: Pace;
  /** Work done before this stage, in units of `total`. */
  readonly done: number;
  /** What this stage counts for. */
  readonly weight: number;
  readonly total: number;
  readonly phase: string;
}

/** Runs `work` over 0 .. count - 1 in slices and rests, with a report, where a rest is due. */
export async function* inSlices(
  count: number,
  course: Course,
  work: (from: number, to: number) => void,
  size: number = SLICE,
): AsyncGenerator<Progress, void> {
  for (let from = 0; from < count; from += size) {
    const to = Math.min(count, from + size);
    work(from, to);
    if (course.pace.due()) yield* rest(course, to / count);
  }
}

/** Reports how far a stage has come, 0 to 1, and lets waiting messages in. */
export async function* rest(course: Course, part: number): AsyncGenerator<Progress, void> {
  const done = Math.round(course.done + course.weight * part);
  yield { phase: course.phase, done, total: course.total, unit: "cells" };
  await course.pace.rest();
}
