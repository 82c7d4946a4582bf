import { FootfallError, toFootfallError } from "../../../core/errors";
import { median } from "../median";
import type { ModelBackend, ModelProgram, ModelSize, ModelTask } from "./ask";
import { countOperations, sizeName } from "./ask";
import type { ModelPage, ModelStage } from "./stage-page";

/** What one program took for one run of one size, or why it has no number. */
export interface ModelNumbers extends ModelSize {
  readonly task: ModelTask;
  readonly backend: ModelBackend;
  readonly program: ModelProgram;
  readonly description?: string;
  /** Median. */
  readonly seconds?: number;
  /** Of all the browser's processes; on a program in place of a graphics card that is the work, whatever the load. */
  readonly processorSeconds?: number;
  /** Timed runs. */
  readonly runs?: number;
  readonly dispatches?: number | undefined;
  /** How many times as long as Footfall, and as many seconds of the processor. */
  readonly ratio?: number;
  readonly processorRatio?: number;
  /** Why it was left out. */
  readonly reason?: string;
}

/** From the shipped model's half to BERT base. */
export const SIZES: readonly ModelSize[] = [
  { layers: 2, width: 64, B: 16, T: 64 },
  { layers: 4, width: 128, B: 16, T: 64 },
  { layers: 6, width: 256, B: 4, T: 256 },
  { layers: 12, width: 768, B: 1, T: 512 },
];

/** The slowest come last: the time given may be over then. */
const PROGRAMS: Record<ModelTask, readonly ModelProgram[]> = {
  forward: ["footfall", "jax", "onnx", "plain"],
  step: ["footfall", "jax", "plain"],
};

/** A run that is expected to take longer is left out, unless the last smaller one was short. */
export const LONGEST_RUN_S = 40;
const SHORT_RUN_S = 14;
/** Runs are repeated for so long; a first run that is as short as this is not counted: it may compile. */
const REPEATED_S = 40;
const UNCOUNTED_S = 8;

/** Logits, and losses and norms, may differ by this share of the largest (or of 1). */
const TOLERANCES: Record<ModelTask, number> = { forward: 1e-4, step: 1e-3 };

export interface MeasureOptions {
  readonly stage: ModelStage;
  readonly backends: readonly ModelBackend[];
  /** Of `SIZES`. */
  readonly sizes: readonly ModelSize[];
  readonly runs: number;
  /** Of Footfall on wasm; default what the page takes by itself. */
  readonly threads: number | undefined;
  /** Seconds that a run may be expected to take. */
  readonly longest: number;
  /** Milliseconds of `performance.now()` at which nothing more begins. */
  readonly deadline: number;
  readonly note: (line: string) => void;
}

/** Throws "weights-mismatch" where two programs do not compute the same. */
function compare(
  program: string,
  found: readonly number[],
  expected: readonly number[],
  share: number,
): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const gap = expected.reduce((most, value, n) => Math.max(most, Math.abs(value - found[n]!)), 0);
  if (found.length === expected.length && gap <= share * largest) return;
  throw new FootfallError(
    "weights-mismatch",
    `${program}: values differ by ${gap} from Footfall's`,
  );
}

/** A program of one cell of the table, opened. */
interface Opened {
  readonly page: ModelPage;
  readonly seconds: number[];
  readonly processor: number[];
}

function mediansOf(opened: Opened | undefined) {
  if (opened === undefined || opened.seconds.length === 0) return undefined;
  const { seconds, processor } = opened;
  const runs = seconds.length;
  return { seconds: median(seconds), processorSeconds: median(processor), runs };
}

/** Times programs on one size in turn; knows from smaller sizes what a run will take. */
export class ModelMeasure {
  readonly #options: MeasureOptions;
  /** Seconds of the last run and of one operation in it, by program, engine and task. */
  readonly #last = new Map<string, { seconds: number; pace: number }>();
  #until = Infinity;

  constructor(options: MeasureOptions) {
    this.#options = options;
  }

  /** Seconds that are left to the cell of the table that is measured. */
  #left(): number {
    return (Math.min(this.#until, this.#options.deadline) - performance.now()) / 1000;
  }

  /** Gives the next of so many cells its share of the time. */
  #share(cells: number): void {
    const now = performance.now();
    this.#until = now + (this.#options.deadline - now) / cells;
  }

  /** Why a program is not even begun; undefined where it is. */
  #findObstacle(key: string, size: ModelSize, task: ModelTask): string | undefined {
    if (this.#left() <= 0) return "the time given was over";
    const { seconds, pace } = this.#last.get(key) ?? { seconds: 0, pace: 0 };
    const expected = pace * countOperations(size, task);
    if (expected <= this.#options.longest || seconds < SHORT_RUN_S) return undefined;
    return `about ${Math.round(expected)} s a run expected`;
  }

  /** All programs of one task, engine and size. */
  async #measureCell(
    task: ModelTask,
    backend: ModelBackend,
    size: ModelSize,
  ): Promise<ModelNumbers[]> {
    const { stage, note, runs, threads } = this.#options;
    const opened = new Map<ModelProgram, Opened>();
    const results = new Map<ModelProgram, ModelNumbers>();
    let expected: readonly number[] | undefined;
    for (const program of PROGRAMS[task]) {
      const asked = { ...size, task, backend, program };
      const reason = this.#findObstacle(`${program} ${backend} ${task}`, size, task);
      results.set(program, reason === undefined ? asked : { ...asked, reason });
      if (reason !== undefined) continue;
      note(`${task}, ${sizeName(size)}: ${program} on ${backend} ...`);
      const page = await stage.newModel();
      try {
        const { description, dispatches, check } = await page.open({ ...asked, threads });
        expected ??= check;
        compare(program, check, expected, TOLERANCES[task]);
        opened.set(program, { page, seconds: [], processor: [] });
        results.set(program, { ...asked, description, dispatches });
      } catch (error) {
        await page.close();
        results.set(program, { ...asked, reason: toFootfallError(error, "no-gpu").message });
      }
    }
    const all = [...results.values()];
    const failures = await this.#takeTurns(opened, runs);
    for (const { page } of opened.values()) await page.close();
    const told = all.map((one) => {
      const reason = failures.get(one.program);
      return reason === undefined ? one : { ...one, reason };
    });
    return this.#conclude(told, opened);
  }

  /** Each program runs once untimed, then all in turn; one that fails is out. Returns why, by program. */
  async #takeTurns(
    opened: ReadonlyMap<ModelProgram, Opened>,
    runs: number,
  ): Promise<Map<ModelProgram, string>> {
    const failures = new Map<ModelProgram, string>();
    for (let round = -1; round < runs; round++) {
      if (round > 0 && this.#left() <= 0) return failures;
      for (const [program, one] of opened) {
        const isSlow = one.seconds.length > 0 && one.seconds[0]! * (round + 1) > REPEATED_S;
        if (isSlow || failures.has(program)) continue;
        try {
          await this.#timeOnce(one, round < 0);
        } catch (error) {
          failures.set(program, toFootfallError(error, "no-gpu").message);
        }
      }
    }
    return failures;
  }

  async #timeOnce({ page, seconds, processor }: Opened, mayCompile: boolean): Promise<void> {
    const before = await page.processorSeconds();
    const took = await page.time();
    const after = await page.processorSeconds();
    if (mayCompile && took < UNCOUNTED_S) return;
    seconds.push(took);
    processor.push(after - before);
  }

  /** Medians, and how they stand to Footfall's. */
  #conclude(
    all: readonly ModelNumbers[],
    opened: ReadonlyMap<ModelProgram, Opened>,
  ): ModelNumbers[] {
    const own = mediansOf(opened.get("footfall"));
    return all.map((numbers) => {
      const { program, backend, task } = numbers;
      const found = mediansOf(opened.get(program));
      if (found === undefined) return numbers;
      const operations = countOperations(numbers, task);
      const { seconds } = found;
      this.#last.set(`${program} ${backend} ${task}`, { seconds, pace: seconds / operations });
      if (own === undefined) return { ...numbers, ...found };
      const ratio = found.seconds / own.seconds;
      const processorRatio = found.processorSeconds / own.processorSeconds;
      return { ...numbers, ...found, ratio, processorRatio };
    });
  }

  /** All sizes of one task. */
  async measure(task: ModelTask): Promise<ModelNumbers[]> {
    const results: ModelNumbers[] = [];
    const cells = this.#options.sizes.flatMap((size) =>
      this.#options.backends.map((backend) => ({ size, backend })),
    );
    for (const [n, { size, backend }] of cells.entries()) {
      this.#share(cells.length - n);
      results.push(...(await this.#measureCell(task, backend, size)));
    }
    return results;
  }

  /** How Footfall's training step grows with each of its sizes. */
  async measureGrowth(): Promise<ModelNumbers[]> {
    const results: ModelNumbers[] = [];
    for (const [n, size] of GROWTH.entries()) {
      this.#share(GROWTH.length - n);
      for (const backend of this.#options.backends) {
        results.push(await this.#measureOwn(size, backend));
      }
    }
    return results;
  }

  async #measureOwn(size: ModelSize, backend: ModelBackend): Promise<ModelNumbers> {
    const { stage, note, runs, threads } = this.#options;
    const asked = { ...size, task: "step", backend, program: "footfall" } as const;
    const reason = this.#findObstacle(`footfall ${backend} step`, size, "step");
    if (reason !== undefined) return { ...asked, reason };
    note(`growth, ${sizeName(size)}: ${backend} ...`);
    const page = await stage.newModel();
    const opened = new Map<ModelProgram, Opened>([
      ["footfall", { page, seconds: [], processor: [] }],
    ]);
    try {
      const { description, dispatches } = await page.open({ ...asked, threads });
      const reason = (await this.#takeTurns(opened, runs)).get("footfall");
      const told = { ...asked, description, dispatches, ...(reason !== undefined && { reason }) };
      return this.#conclude([told], opened)[0]!;
    } catch (error) {
      return { ...asked, reason: toFootfallError(error, "no-gpu").message };
    } finally {
      await page.close();
    }
  }
}

const BASE: ModelSize = { layers: 4, width: 128, B: 4, T: 64 };

/** One size after the other, from the same base. */
const GROWTH: readonly ModelSize[] = [
  BASE,
  ...[128, 256, 512].map((T) => ({ ...BASE, T })),
  ...[1, 16, 64].map((B) => ({ ...BASE, B })),
  ...[64, 256, 512].map((width) => ({ ...BASE, width })),
  ...[2, 8, 12].map((layers) => ({ ...BASE, layers })),
];
