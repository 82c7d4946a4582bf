/** `footfall evaluate --all` and `--task`: the papers' tables, run by run, written as they grow. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FootfallError } from "../../core/errors";
import type { Engine } from "../../core/gpu/engine";
import type { AdaptJob, AdaptTable } from "../../core/job/adapt";
import { tableMarkdown } from "../../core/job/adapt-markdown";
import { AdaptStand } from "../../core/job/adapt-stand";
import type { Session } from "../../core/job/session";
import { DEFAULT_SEED } from "../../core/random";
import type { RunOutcome } from "../../core/task/table/results";
import { TASK_NAMES } from "../../core/task/tasks/registry";
import type { TaskName } from "../../core/task/tasks/types";
import type { CommandInput, CommandOutcome } from "../command";
import { openNodeEngine, readEnginePlan } from "../engine";
import { hashFiles, openSourceFiles } from "../input";
import { layerTools } from "../layer";
import { writeWholeFile } from "../output";
import { readAsset } from "../root";
import { numberOf, requiredText, textOf } from "../values";
import { readData, readSettings, readTasks, readTruths } from "./table-plan";

type Values = CommandInput["values"];

/** What results.json holds. */
interface Results {
  readonly model: string;
  readonly data: string;
  /** SHA-256 of the model's and the data's files. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly engine: string;
  readonly tables: Partial<Record<TaskName, AdaptTable>>;
  /** Tasks that these data or this model cannot have, and why. */
  readonly left: Partial<Record<TaskName, string>>;
}

async function readResults(out: string): Promise<Results | undefined> {
  const path = join(out, "results.json");
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(await readFile(path, "utf8")) as Results;
  } catch (cause) {
    throw new FootfallError("bad-file", `${path} is not JSON; give another folder`, { cause });
  }
}

function toMarkdown({ model, data, hashes, seed, engine, tables, left }: Results): string {
  const known = TASK_NAMES.flatMap((name) => tables[name] ?? []);
  const lines = TASK_NAMES.flatMap((name) => (left[name] ? [`- ${name}: ${left[name]}`] : []));
  const made = Object.entries(hashes).map(([name, hash]) => `${name} ${hash.slice(0, 16)}`);
  return [
    `Model ${model}, data ${data}, seed ${seed}, on ${engine}; SHA-256: ${made.join(", ")}.`,
    "",
    ...known.map(tableMarkdown),
    ...(lines.length > 0 ? ["Not made:", "", ...lines, ""] : []),
  ].join("\n");
}

async function writeResults(out: string, results: Results): Promise<void> {
  const files = {
    "results.json": `${JSON.stringify(results, null, 1)}\n`,
    "results.md": toMarkdown(results),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeWholeFile(join(out, name), (file) => writeFile(file, text));
  }
}

/** Puts the tables between the two marks of a Markdown file. Throws "missing-file", "bad-file". */
async function writeInto(path: string, name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- tables ${name} -->`, `<!-- end ${name} -->`];
  const known = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FootfallError("missing-file", `--into ${path}: no such file`, { cause });
  });
  const [from, to] = [known.indexOf(begin), known.indexOf(end)];
  if (from < 0 || to < from) {
    throw new FootfallError("bad-file", `${path} has no line "${begin}" before a line "${end}"`);
  }
  const head = known.slice(0, from + begin.length);
  await writeFile(path, `${head}\n\n${text.trim()}\n\n${known.slice(to)}`);
}

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

async function fillAll(values: Values, engine: Engine, input: CommandInput): Promise<Results> {
  const seed = numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED;
  const out = requiredText(values, "out", "the folder of the results");
  const minutes = numberOf(values, "minutes", { from: 0.01, to: 1e6, whole: false }) ?? Infinity;
  const until = performance.now() + 60_000 * minutes;
  const path = requiredText(values, "model", "a model folder");
  const [model, data, truths] = [
    await openSourceFiles([path]),
    await readData(values, seed),
    await readTruths(values),
  ];
  const earlier = await readResults(out);
  const hashes = {
    model: await hashFiles(
      model.filter((file) => file.path.endsWith(".safetensors")),
      input.signal,
    ),
    ...(data.files.length > 0 && { data: await hashFiles(data.files, input.signal) }),
  };
  let results: Results = {
    model: basename(resolve(path)),
    data:
      data.spec.source === "simulated" ? `simulated country, ${data.spec.size}` : data.spec.name,
    hashes,
    seed,
    engine: `${engine.kind} (${engine.description})`,
    tables: earlier?.tables ?? {},
    left: {},
  };
  const { readSqlWasm } = layerTools(input.signal);
  const session: Session = {
    readAsset,
    engine: () => Promise.resolve(engine),
    kept: new Map(),
    ...(readSqlWasm && { readSqlWasm }),
  };
  for (const task of readTasks(values)) {
    const job: AdaptJob = {
      kind: "adapt",
      dataset: data.spec,
      model: { source: "folder", name: basename(resolve(path)), files: model },
      task,
      ...(truths && { truths }),
      settings: readSettings(values, task),
      known: results.tables[task]?.runs ?? [],
      seed,
    };
    const write = async (table: AdaptTable): Promise<void> => {
      results = { ...results, tables: { ...results.tables, [task]: table } };
      await writeResults(out, results);
    };
    try {
      await fill(job, session, { until, write }, input);
    } catch (thrown) {
      if (!isLeftOut(thrown)) throw thrown;
      const { message } = thrown;
      input.note(`${task}: ${message}`);
      results = { ...results, left: { ...results.left, [task]: message } };
    }
  }
  await writeResults(out, results);
  const into = textOf(values, "into");
  if (into !== undefined) await writeInto(into, basename(resolve(out)), toMarkdown(results));
  return results;
}

/** Fills the tables that the options name. Throws "bad-input", "missing-file", "weights-mismatch", "stopped". */
export async function runTables(input: CommandInput): Promise<CommandOutcome> {
  const engine = await openNodeEngine(readEnginePlan(input.values));
  if (engine.reason !== undefined) input.note(engine.reason);
  try {
    const results = await fillAll(input.values, engine, input);
    return { document: results, lines: toMarkdown(results).trimEnd().split("\n") };
  } finally {
    engine.dispose();
  }
}
