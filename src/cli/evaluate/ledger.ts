/** The results of `footfall evaluate --all` as they grow. */
import type { ExperimentRecord } from "../../core/job/experiment/record";
import { EXPERIMENTS } from "../../core/task/experiments/names";
import type { RunOutcome } from "../../core/task/table/results";
import { TASK_NAMES } from "../../core/task/tasks/registry";
import type { TaskFacts } from "../../core/task/tasks/types";
import type { CommandInput } from "../command";
import { writeResults, type Results } from "./results-files";
import type { TableClock } from "./table-queue";
import type { TableNews, WorkName } from "./table-work";

function runWords(ran: RunOutcome, { headline }: TaskFacts): string {
  const value = ran.scores.bestOnValidation[headline];
  const score = `${headline} ${value === undefined ? "none" : value.toPrecision(3)}`;
  return `${ran.row}, ${ran.split}, seed ${ran.seed}: ${ran.problem ?? score}, ${ran.seconds.toFixed(1)} s`;
}

/** The results as they grow, written after each run, one writing after the other. */
export class Ledger {
  readonly #out: string;
  readonly #clock: TableClock;
  readonly #input: CommandInput;
  #writing: Promise<void> = Promise.resolve();
  results: Results;

  constructor(start: Results, out: string, clock: TableClock, input: CommandInput) {
    this.results = start;
    this.#out = out;
    this.#clock = clock;
    this.#input = input;
  }

  take(news: TableNews): void {
    switch (news.kind) {
      case "progress":
        return this.#input.progress(news.progress);
      case "table": {
        const { task, table, ran } = news;
        this.#clock.add(task, table, ran);
        if (ran) this.#input.note(`${task}: ${runWords(ran, table.task)}; ${this.#clock.words()}`);
        return this.#change({ tables: { ...this.results.tables, [task]: table } });
      }
      case "left":
        if (TASK_NAMES.some((name) => name === news.name)) this.#clock.leave();
        this.#input.note(`${news.name}: ${news.why}`);
        return this.#change({ left: { ...this.results.left, [news.name]: news.why } });
      case "studies":
        return this.#change({ studies: news.studies });
      case "experiment":
        return this.#change({ experiments: withRecord(this.results, news.record) });
      default:
        throw news satisfies never;
    }
  }

  #change(change: Partial<Results>): void {
    this.results = inOrder({ ...this.results, ...change });
    const write = (): Promise<void> => writeResults(this.#out, this.results);
    this.#writing = this.#writing.then(write, write); // the next one makes good what failed
    this.#writing.catch(() => {}); // the last one is waited for in `close`
  }

  /** Resolves once everything is written; throws what the last writing threw. */
  async close(): Promise<void> {
    this.#change({});
    await this.#writing;
  }
}

/** The order in which all is shown, whichever came first. */
const WORK_NAMES: readonly WorkName[] = [...TASK_NAMES, "studies", ...EXPERIMENTS];

function sortByName<T>(of: Partial<Record<WorkName, T>>): Partial<Record<WorkName, T>> {
  return Object.fromEntries(WORK_NAMES.flatMap((name) => (of[name] ? [[name, of[name]]] : [])));
}

const inOrder = (results: Results): Results => ({
  ...results,
  tables: sortByName(results.tables),
  left: sortByName(results.left),
});

/** The experiments with one that has come further. */
function withRecord({ experiments = [] }: Results, record: ExperimentRecord): ExperimentRecord[] {
  const all = [...experiments.filter(({ experiment }) => experiment !== record.experiment), record];
  const placeOf = ({ experiment }: ExperimentRecord): number => EXPERIMENTS.indexOf(experiment);
  return all.sort((a, b) => placeOf(a) - placeOf(b));
}
