/** Pieces of work shared out to workers, and what is said of the time. */
import { throwIfStopped, toFootfallError, type FootfallError } from "../../core/errors";
import type { AdaptTable } from "../../core/job/adapt";
import type { RunOutcome } from "../../core/task/table/results";
import type { TaskName } from "../../core/task/tasks/types";
import type { TableWorker } from "./table-crew";
import type { TableWork, Tell } from "./table-work";

/** A piece that could not be done. */
export interface Failure {
  readonly piece: TableWork;
  readonly error: FootfallError;
}

/** Does all pieces, each worker one after another; one that fails leaves the others alone. Throws "stopped". */
export async function shareOut(
  pieces: readonly TableWork[],
  workers: readonly TableWorker[],
  tell: Tell,
  signal: AbortSignal,
): Promise<Failure[]> {
  const waiting = [...pieces];
  const failed: Failure[] = [];
  const takeAll = async (worker: TableWorker): Promise<void> => {
    for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
      try {
        await worker.work(piece, tell);
      } catch (thrown) {
        throwIfStopped(signal);
        failed.push({ piece, error: toFootfallError(thrown, "worker-failed") });
      }
    }
  };
  await Promise.all(workers.map(takeAll));
  return failed;
}

function timeWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** How far all tables have come: runs a minute, and the time that is left. */
export class TableClock {
  readonly #tables: number;
  readonly #jobs: number;
  readonly #startedAt = performance.now();
  readonly #standing = new Map<TaskName, { before: number; table: AdaptTable }>();
  #closed = 0;
  #runs = 0;

  constructor(tables: number, jobs: number) {
    this.#tables = tables;
    this.#jobs = jobs;
  }

  /** Takes in how a table stands. */
  add(task: TaskName, table: AdaptTable, ran: RunOutcome | undefined): void {
    const before = this.#standing.get(task)?.before ?? table.runs.length;
    this.#standing.set(task, { before, table });
    if (ran) this.#runs++;
  }

  /** A table that cannot be had takes no time. */
  leave(): void {
    this.#closed++;
  }

  /** Those that are begun by their own estimates, those that wait by the mean of the others. */
  #secondsLeft(): number {
    const begun = [...this.#standing.values()].map(({ table, before }) => {
      const spent = table.runs.slice(before).reduce((sum, { seconds }) => sum + seconds, 0);
      return { left: table.secondsLeft, whole: spent + table.secondsLeft };
    });
    const left = begun.reduce((sum, one) => sum + one.left, 0);
    const whole = begun.reduce((sum, one) => sum + one.whole, 0);
    const waiting = this.#tables - this.#closed - begun.length;
    const longest = begun.reduce((most, one) => Math.max(most, one.left), 0);
    return Math.max(longest, (left + (waiting * whole) / Math.max(1, begun.length)) / this.#jobs);
  }

  /** "run 12, 3.1 runs a minute, 2.4 h left". */
  words(): string {
    const minutes = (performance.now() - this.#startedAt) / 60_000;
    const rate = (this.#runs / minutes).toFixed(1);
    return `run ${this.#runs}, ${rate} runs a minute, ${timeWords(this.#secondsLeft())} left`;
  }
}
