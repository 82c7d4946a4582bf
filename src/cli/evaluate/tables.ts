/** `footfall evaluate --all` and `--task`: the papers' tables, run by run, written as they grow. */
import { basename, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import type { Engine } from "../../core/gpu/engine";
import type { AdaptJob, AdaptTable } from "../../core/job/adapt";
import { AdaptStand } from "../../core/job/adapt-stand";
import type { DatasetSpec } from "../../core/job/dataset";
import type { ModelSpec } from "../../core/job/model";
import type { TruthSpecs } from "../../core/job/open-task-data";
import type { Session } from "../../core/job/session";
import { DEFAULT_SEED } from "../../core/random";
import type { RunOutcome } from "../../core/task/table/results";
import type { CommandInput, CommandOutcome } from "../command";
import { openNodeEngine, readEnginePlan } from "../engine";
import { hashFiles, openSourceFiles } from "../input";
import { layerTools } from "../layer";
import { readAsset } from "../root";
import { numberOf, requiredText, textOf } from "../values";
import { readResults, toMarkdown, writeInto, writeResults, type Results } from "./results-files";
import { runStudies } from "./studies";
import { readData, readSettings, readTasks, readTruths } from "./table-plan";

type Values = CommandInput["values"];

/** One table to its end, or as far as the time goes; written after each run. */
async function fill(
  job: AdaptJob,
  session: Session,
  { until, write }: { until: number; write: (table: AdaptTable) => Promise<void> },
  { progress, note, signal }: CommandInput,
): Promise<void> {
  let opening = AdaptStand.openFor(job, session, signal);
  let step = await opening.next();
  for (; !step.done; step = await opening.next()) progress(step.value);
  const stand = step.value;
  let count = -1;
  for await (const { state, ...report } of stand.fill(job.known, signal, until)) {
    progress(report);
    if (!state || state.runs.length === count) continue;
    count = state.runs.length;
    const last = state.runs.at(-1);
    if (last && count > (job.known?.length ?? 0)) {
      note(
        `${job.task}: ${last.row}, ${last.split}, seed ${last.seed}: ${describeRun(last, stand)}, ${last.seconds.toFixed(1)} s; ${Math.round(state.secondsLeft)} s left`,
      );
    }
    await write(stand.toTable(state));
  }
}

function describeRun({ scores }: RunOutcome, { task }: AdaptStand): string {
  const value = scores.bestOnValidation[task.headline];
  return `${task.headline} ${value === undefined ? "none" : value.toPrecision(3)}`;
}

/** True where these data cannot have the table, which is no reason to leave the others out. */
function isLeftOut(thrown: unknown): thrown is FootfallError {
  const codes = ["missing-file", "no-data", "bad-input"];
  return thrown instanceof FootfallError && codes.includes(thrown.code);
}

/** What all tables share. */
interface Stand {
  readonly values: Values;
  readonly spec: DatasetSpec;
  readonly model: ModelSpec;
  readonly truths: TruthSpecs | undefined;
  readonly seed: number;
  readonly session: Session;
  readonly out: string;
}

async function fillAll(
  { values, spec, model, truths, seed, session, out }: Stand,
  start: Results,
  input: CommandInput,
): Promise<Results> {
  const minutes = numberOf(values, "minutes", { from: 0.01, to: 1e6, whole: false }) ?? Infinity;
  const until = performance.now() + 60_000 * minutes;
  let results = start;
  for (const task of readTasks(values)) {
    const settings = readSettings(values, task);
    const known = results.tables[task]?.runs ?? [];
    const where = { dataset: spec, model, ...(truths && { truths }) };
    const job: AdaptJob = { kind: "adapt", ...where, task, settings, known, seed };
    const write = async (table: AdaptTable): Promise<void> => {
      results = { ...results, tables: { ...results.tables, [task]: table } };
      await writeResults(out, results);
    };
    try {
      await fill(job, session, { until, write }, input);
    } catch (thrown) {
      if (!isLeftOut(thrown)) throw thrown;
      input.note(`${task}: ${thrown.message}`);
      results = { ...results, left: { ...results.left, [task]: thrown.message } };
    }
  }
  if (values["all"] !== true || performance.now() > until) return results;
  return { ...results, studies: await runStudies({ dataset: spec, model, seed }, session, input) };
}

async function openStand(
  engine: Engine,
  { values, signal }: CommandInput,
): Promise<{ stand: Stand; start: Results }> {
  const seed = numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED;
  const out = requiredText(values, "out", "the folder of the results");
  const path = requiredText(values, "model", "a model folder");
  const name = basename(resolve(path));
  const files = await openSourceFiles([path]);
  const { spec, files: dataFiles } = await readData(values, seed);
  const truths = await readTruths(values);
  const weights = files.filter((file) => file.path.endsWith(".safetensors"));
  const hashes = {
    model: await hashFiles(weights, signal),
    ...(dataFiles.length > 0 && { data: await hashFiles(dataFiles, signal) }),
  };
  const { readSqlWasm } = layerTools(signal);
  const session: Session = {
    readAsset,
    engine: () => Promise.resolve(engine),
    kept: new Map(),
    ...(readSqlWasm && { readSqlWasm }),
  };
  const earlier = await readResults(out);
  const start: Results = {
    model: name,
    data: spec.source === "simulated" ? `simulated country, ${spec.size}` : spec.name,
    hashes,
    seed,
    engine: `${engine.kind} (${engine.description})`,
    tables: earlier?.tables ?? {},
    left: {},
    ...(earlier?.studies && { studies: earlier.studies }),
  };
  const model = { source: "folder", name, files } as const;
  return { stand: { values, spec, model, truths, seed, session, out }, start };
}

/** Fills the tables that the options name. Throws "bad-input", "missing-file", "weights-mismatch", "stopped". */
export async function runTables(input: CommandInput): Promise<CommandOutcome> {
  const engine = await openNodeEngine(readEnginePlan(input.values));
  if (engine.reason !== undefined) input.note(engine.reason);
  try {
    const { stand, start } = await openStand(engine, input);
    const results = await fillAll(stand, start, input);
    await writeResults(stand.out, results);
    const into = textOf(input.values, "into");
    if (into !== undefined)
      await writeInto(into, basename(resolve(stand.out)), toMarkdown(results));
    return { document: results, lines: toMarkdown(results).trimEnd().split("\n") };
  } finally {
    engine.dispose();
  }
}
