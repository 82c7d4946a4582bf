import { FootfallError, toFootfallError } from "../../core/errors";
import { MAX_THREADS } from "../../core/gpu/threads/board";
import { findAdapter } from "../../core/gpu/webgpu";
import { DEFAULT_SEED } from "../../core/random";
import { fileLines, measureFiles } from "../bench/files";
import type { ModelSize } from "../bench/model/ask";
import { describeMachine, reportLines } from "../bench/report";
import type { BenchReport } from "../bench/report";
import { measureTokenise, type TokeniseNumbers } from "../bench/tokenise";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { textOption as text } from "../command";
import { installDawn } from "../dawn";
import { choiceOf, listOf, numberOf, textOf } from "../values";

const PARTS = [
  "tokenise",
  "forward",
  "pretrain",
  "growth",
  "kernels",
  "table",
  "page",
  "frames",
  "import",
] as const;
/** What every part with a browser is told. */
interface BenchOptions {
  runs: number;
  isHardware: boolean;
  note: (line: string) => void;
}

const DEFAULT_GB = "0.02";
const SMALLEST_BYTES = 1e6;
type Part = (typeof PARTS)[number];
const MODEL_PARTS: readonly Part[] = ["forward", "pretrain", "growth", "kernels"];

function readParts(text: string | undefined): readonly Part[] {
  if (text === undefined) return PARTS;
  return text.split(",").map((name) => {
    const part = PARTS.find((known) => known === name.trim());
    if (part !== undefined) return part;
    throw new FootfallError("bad-input", `--only ${text}: expected some of ${PARTS.join(",")}`);
  });
}

/** Sizes of the files to import, bytes. */
function readSizes(values: CommandInput["values"]): number[] {
  const text = textOf(values, "gb") ?? DEFAULT_GB;
  const sizes = text.split(",").map((size) => Math.round(1e9 * Number(size)));
  if (sizes.every((size) => size >= SMALLEST_BYTES)) return sizes;
  throw new FootfallError(
    "bad-input",
    `--gb ${text}: expected sizes from 0.001, such as 0.1,0.3,1`,
  );
}

const BACKENDS = ["webgpu", "wasm"] as const;
const DEFAULT_MINUTES = 30;
/** After so long a page is given up. */
const MOST_SECONDS = 240;

/** Forward passes, training steps, their growth and kernels, in the time given. */
async function measureModels(
  { values }: CommandInput,
  parts: readonly Part[],
  { runs, isHardware, note }: BenchOptions,
): Promise<Pick<BenchReport, "models" | "growth" | "kernels">> {
  const [{ LONGEST_RUN_S, ModelMeasure, SIZES }, { ModelStage }] = await Promise.all([
    import("../bench/model/measure"),
    import("../bench/model/stage-page"),
  ]);
  const minutes = numberOf(values, "minutes", { from: 1, to: 1440 }) ?? DEFAULT_MINUTES;
  const longest = numberOf(values, "longest", { from: 1, to: 3600 }) ?? LONGEST_RUN_S;
  const threads = numberOf(values, "threads", { from: 1, to: MAX_THREADS });
  const asked = choiceOf(values, "backend", BACKENDS);
  const nameOf = ({ layers, width }: ModelSize): string => `${layers}x${width}`;
  const size = choiceOf(values, "size", SIZES.map(nameOf));
  const sizes = SIZES.filter((one) => size === undefined || nameOf(one) === size);
  const stage = await ModelStage.open(isHardware, Math.max(MOST_SECONDS, 3 * longest));
  const deadline = performance.now() + minutes * 60_000;
  const backends = asked === undefined ? BACKENDS : [asked];
  const measure = new ModelMeasure({
    stage,
    sizes,
    backends,
    runs,
    threads,
    longest,
    deadline,
    note,
  });
  const found: Pick<BenchReport, "models" | "growth" | "kernels"> = {};
  try {
    if (parts.includes("kernels")) found.kernels = await stage.timeKernels();
    const models = [];
    if (parts.includes("forward")) models.push(...(await measure.measure("forward")));
    if (parts.includes("pretrain")) models.push(...(await measure.measure("step")));
    if (models.length > 0) found.models = models;
    if (parts.includes("growth")) found.growth = await measure.measureGrowth();
    return found;
  } finally {
    stage.close();
  }
}

/** The folder that was named, or the page built now. */
async function builtPage(values: CommandInput["values"]): Promise<string> {
  const { buildPage } = await import("../bench/first-picture");
  return textOf(values, "built") ?? buildPage();
}

/** Tables of tasks beside PyTorch. */
async function tablesOf({ values, signal, note }: CommandInput) {
  const { BENCH_TASKS, measureTables } = await import("../bench/table/measure");
  const tasks = listOf(values, "task", BENCH_TASKS) ?? ["prefecture"];
  const threads = numberOf(values, "threads", { from: 1, to: MAX_THREADS }) ?? 2;
  const samples = numberOf(values, "samples", { from: 50, to: 1e6 });
  return measureTables({ tasks, threads, samples, note, signal });
}

async function importAll(values: CommandInput["values"], options: BenchOptions) {
  const { measureImports } = await import("../bench/import/measure");
  return measureImports({ sizes: readSizes(values), built: await builtPage(values), ...options });
}

async function framesOf(values: CommandInput["values"], options: BenchOptions) {
  const { measureFrames } = await import("../bench/frames/measure");
  const backend = choiceOf(values, "backend", BACKENDS) ?? "wasm";
  return measureFrames({ built: await builtPage(values), backend, ...options });
}

/** Reads the files that were named, and measures nothing else. */
async function runFiles({
  positionals,
  values,
  signal,
  note,
}: CommandInput): Promise<CommandOutcome> {
  const isLayer = values["layers"] === true;
  const { machine, loadBefore } = describeMachine();
  const files = await measureFiles(positionals, { isLayer, signal, note });
  const date = new Date().toISOString().slice(0, 10);
  const head = `${date}, ${machine}; load of the machine before: ${loadBefore}.`;
  return {
    document: { date, machine, loadBefore, files },
    lines: [head, "", ...fileLines(files, isLayer)],
  };
}

/** Gives Node a WebGPU where Dawn is installed: a graphics card, or the software adapter. */
async function tryDawn(note: (line: string) => void): Promise<void> {
  try {
    await installDawn();
  } catch (error) {
    note(`no kernels: ${toFootfallError(error, "no-gpu").message}`);
  }
}

/** Few points are soon done and need more runs; more than a million are measured once. */
const runsAt = (points: number, runs: number): number =>
  points > 1e6 ? 1 : points < 1e6 ? 5 * runs : runs;

/** Tokenising at 0.1 and 1 million points, 10 million where asked for. */
async function measureSizes({ values, note }: CommandInput, runs: number) {
  const asked = numberOf(values, "points", { from: 10_000, to: 100_000_000 });
  const usual = values["large"] === true ? [1e5, 1e6, 1e7] : [1e5, 1e6];
  await tryDawn(note);
  const all: TokeniseNumbers[] = [];
  for (const points of asked === undefined ? usual : [asked]) {
    note(`tokenise ${points.toLocaleString("en")} points ...`);
    const { adapter } = await findAdapter(); // one opens one device
    const bench = { points, runs: runsAt(points, runs), seed: DEFAULT_SEED, adapter };
    all.push(await measureTokenise(bench));
  }
  return all;
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  if (input.positionals.length > 0) return runFiles(input);
  const { values, note } = input;
  const parts = readParts(textOf(values, "only"));
  const runs = numberOf(values, "runs", { from: 1, to: 100 }) ?? 5;
  const options = { runs, isHardware: values["hardware"] === true, note };
  const report: BenchReport = {
    date: new Date().toISOString().slice(0, 10),
    ...describeMachine(),
    runs,
  };
  if (parts.includes("tokenise")) {
    report.tokenise = await measureSizes(input, runs);
  }
  if (MODEL_PARTS.some((part) => parts.includes(part))) {
    Object.assign(report, await measureModels(input, parts, options));
  }
  if (parts.includes("table")) report.tables = await tablesOf(input);
  if (parts.includes("page")) {
    const { measurePage } = await import("../bench/first-picture");
    report.page = await measurePage(options);
  }
  if (parts.includes("frames")) report.frames = await framesOf(values, options);
  if (parts.includes("import")) report.imports = await importAll(values, options);
  return { document: report, lines: reportLines(report) };
}

export const command: Command = {
  summary:
    "Measures tokenising, forward passes, training steps, kernels, a table, the page, its frames and imports.",
  usage: `[FILE...] [--only ${PARTS.join(",")}]`,
  options: {
    only: text("PARTS", `some of ${PARTS.join(",")}`),
    runs: text("N", "runs that medians are of", "5"),
    points: text("N", "points to tokenise", "0.1, 1 million"),
    large: { type: "boolean", help: "tokenise 10 million points too" },
    minutes: text(
      "N",
      "time for models; what it does not reach is left out",
      String(DEFAULT_MINUTES),
    ),
    longest: text("SECONDS", "what is expected to take longer a run is left out", "40"),
    backend: text("NAME", "models on webgpu or wasm alone; of frames: wasm"),
    size: text("LxC", "models of one size alone, such as 4x128"),
    threads: text("N", "Footfall's on wasm", "as in the page; of a table 2, PyTorch's too"),
    task: text("A,B", "whose tables", "prefecture"),
    samples: text("N", "examples of a table", "the preset's"),
    gb: text("N,N", "sizes of files to import", DEFAULT_GB),
    built: text("DIR", "a built page, for frames and imports", "built now"),
    layers: { type: "boolean", help: "FILEs are rasters, polygons and tables, not points" },
    hardware: { type: "boolean", help: "use the graphics card instead of the software adapter" },
  },
  run,
};
