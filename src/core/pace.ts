import { throwIfStopped } from "./errors";

/** How far a piece of long work has come; a job's report without its partial result. */
export interface Progress {
  /** What is being done, such as "fit ridge regression". */
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, in plural, such as "cells". */
  readonly unit: string;
}

/** Keeps long work polite: tells when a rest is due, and rests so that a stop message can arrive. */
export interface Pace {
  /** True once `everyMs` have passed since the last rest. */
  due(): boolean;
  /** Lets waiting messages in, then throws "stopped" if one of them was a stop. */
  rest(): Promise<void>;
}

/** The longest that work may hold a worker without listening is 50 ms; a rest is due before that. */
const REST_EVERY_MS = 40;

export function createPace(signal?: AbortSignal, everyMs: number = REST_EVERY_MS): Pace {
  throwIfStopped(signal);
  let last = performance.now();
  const rest = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 0)); // a macrotask: promises alone let no message in
    throwIfStopped(signal);
    last = performance.now();
  };
  return { due: () => performance.now() - last > everyMs, rest };
}

/** Runs long work to its end without looking at the reports. */
export async function finish<T>(work: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await work.next();
    if (done) return value;
  }
}

/** The same work under another name, for two parts of a job that would report alike. */
export async function* inPhase<T>(
  phase: string,
  work: AsyncGenerator<Progress, T>,
): AsyncGenerator<Progress, T> {
  for (;;) {
    const { done, value } = await work.next();
    if (done) return value;
    yield { ...value, phase };
  }
}
