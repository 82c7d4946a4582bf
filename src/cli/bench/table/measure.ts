/** Seconds of each row of a table, beside PyTorch on the same processor. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdaptStand } from "../../../core/job/adapt-stand";
import type { Session } from "../../../core/job/session";
import { finish } from "../../../core/pace";
import { DEFAULT_SEED } from "../../../core/random";
import { MODEL_ROWS, runModelRow, type ModelRow } from "../../../core/task/table/run-model";
import { scaledSettings, type TableSettings } from "../../../core/task/table/settings";
import { splitExamples, type ExampleSplit } from "../../../core/task/tasks/examples";
import { TASKS } from "../../../core/task/tasks/registry";
import type { TaskFacts, TaskName } from "../../../core/task/tasks/types";
import { openNodeEngine } from "../../engine";
import { readAsset } from "../../root";
import { writeTorchPlan } from "./plan";
import { findTorch, openTorch, type AdaptedRun, type TorchAdapter } from "./torch";

/** Tasks that a head over states answers: destinations are named by the head for cells, which scale/adapt.py has not. */
export const BENCH_TASKS: readonly TaskName[] = TASKS.filter(
  ({ source, isPair }) => source.startsWith("paper 1") || isPair,
).map(({ name }) => name);

/** One row in both programs; without a Python that has PyTorch, in one. */
export interface TableRowTimes {
  readonly row: ModelRow;
  readonly footfall: AdaptedRun;
  readonly torch?: AdaptedRun;
}

export interface TableTimes {
  readonly task: TaskName;
  readonly examples: number;
  readonly tokens: number;
  readonly epochs: number;
  readonly batch: number;
  readonly engine: string;
  /** PyTorch in words; undefined where no Python has it. */
  readonly torch: string | undefined;
  readonly rows: readonly TableRowTimes[];
}

/** What is measured: one seed and the random split of some tasks. */
export interface TableBench {
  readonly tasks: readonly TaskName[];
  readonly threads: number;
  /** Examples of each table; default those of its settings. */
  readonly samples?: number | undefined;
  /** Default the scaled preset of each task. */
  readonly settingsOf?: (task: TaskFacts) => TableSettings;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What all tables stand on: the small simulated country and the model that ships. */
const WORLD = {
  dataset: { source: "simulated", size: "small", seed: DEFAULT_SEED },
  model: { source: "shipped", path: "models/japan" },
  seed: DEFAULT_SEED,
} as const;

/** One row in Footfall, as the tables run it. */
async function adaptHere(
  row: ModelRow,
  stand: AdaptStand,
  split: ExampleSplit,
): Promise<AdaptedRun> {
  const { task, data, examples, settings, seed } = stand;
  const model = stand.model.folder;
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const input = {
    row,
    task,
    model,
    examples,
    split,
    centres: data.centres,
    training: settings.training,
    seed,
  };
  const { epochs } = await finish(runModelRow(input));
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - startedAt) / 1000,
    processorSeconds: (user + system) / 1e6,
    epochs: epochs.map(({ trainLoss, validationLoss, testLoss }) => ({
      ...(trainLoss !== undefined && { train: trainLoss }),
      validation: validationLoss!,
      test: testLoss!,
    })),
  };
}

interface Both {
  readonly stand: AdaptStand;
  readonly split: ExampleSplit;
  readonly torch: TorchAdapter | undefined;
}

/** Each row in one program right after the other, so that a machine with other work is hard on both. */
async function measureRows(
  { stand, split, torch }: Both,
  { note }: TableBench,
): Promise<TableRowTimes[]> {
  const rows: TableRowTimes[] = [];
  for (const row of MODEL_ROWS) {
    const footfall = await adaptHere(row, stand, split);
    const other = await torch?.adapt(row);
    note(
      `${row}: ${footfall.seconds.toFixed(1)} s${other ? `, PyTorch ${other.seconds.toFixed(1)} s` : ""}`,
    );
    rows.push({ row, footfall, ...(other && { torch: other }) });
  }
  return rows;
}

async function withTorch(
  bench: TableBench,
  both: Omit<Both, "torch">,
): Promise<{ rows: TableRowTimes[]; torch: string | undefined }> {
  const python = await findTorch();
  if (python === undefined) {
    bench.note(
      "no Python with PyTorch is found (python3 -c 'import torch'): Footfall is measured alone",
    );
    return { rows: await measureRows({ ...both, torch: undefined }, bench), torch: undefined };
  }
  const folder = await mkdtemp(join(tmpdir(), "footfall-bench-table-"));
  try {
    await writeTorchPlan(folder, { ...both, threads: bench.threads });
    const torch = await openTorch(python, folder, bench.threads);
    try {
      return { rows: await measureRows({ ...both, torch }, bench), torch: torch.words };
    } finally {
      torch.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureTable(
  task: TaskFacts,
  bench: TableBench,
  session: Session,
): Promise<TableTimes> {
  const preset = (bench.settingsOf ?? scaledSettings)(task);
  const settings = { ...preset, samples: bench.samples ?? preset.samples };
  const job = { ...WORLD, task: task.name, settings };
  const stand = await finish(AdaptStand.openFor(job, session, bench.signal));
  const { examples, data, seed } = stand;
  const split = splitExamples(examples, data.cells, { name: "random", seed });
  await adaptHere("zero-shot", stand, split); // kernels compile and threads start in nobody's time
  const found = await withTorch(bench, { stand, split });
  const { description: engine } = await session.engine();
  const { epochs, batch } = settings.training;
  return {
    task: task.name,
    examples: examples.count,
    tokens: examples.sequences.reduce((sum, { length }) => sum + length, 0),
    epochs,
    batch,
    engine,
    ...found,
  };
}

/** All model rows of some tables. Throws "worker-failed" where Python fails, and what adapting throws. */
export async function measureTables(bench: TableBench): Promise<TableTimes[]> {
  const engine = await openNodeEngine({ backend: "wasm", threads: bench.threads });
  const session: Session = { readAsset, engine: () => Promise.resolve(engine), kept: new Map() };
  const tables: TableTimes[] = [];
  try {
    for (const name of bench.tasks) {
      const task = TASKS.find((one) => one.name === name)!;
      bench.note(`${task.title} ...`);
      tables.push(await measureTable(task, bench, session));
    }
    return tables;
  } finally {
    engine.dispose();
  }
}
