import { availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import type { PageNumbers } from "./first-picture";
import { frameLines } from "./frames/lines";
import type { FrameNumbers } from "./frames/measure";
import { importLines } from "./import/lines";
import type { ImportNumbers } from "./import/measure";
import type { KernelNumbers } from "./model/ask";
import { growthLines, kernelLines, modelLines } from "./model/lines";
import type { ModelNumbers } from "./model/measure";
import { tableLines } from "./table/lines";
import type { TableTimes } from "./table/measure";
import type { TokeniseNumbers } from "./tokenise";

/** Everything that one run of `footfall bench` measured, and where. */
export interface BenchReport {
  date: string;
  machine: string;
  /** Processes that wanted a core before the run began, ours not yet among them: 0 is a quiet machine. */
  loadBefore: number;
  runs: number;
  tokenise?: TokeniseNumbers[];
  /** Forward passes and training steps. */
  models?: ModelNumbers[];
  growth?: ModelNumbers[];
  kernels?: KernelNumbers;
  tables?: TableTimes[];
  page?: PageNumbers;
  frames?: FrameNumbers;
  imports?: ImportNumbers[];
}

/** The machine in a few words: processor, cores that this process may use, memory, system, Node. */
export function describeMachine(): { machine: string; loadBefore: number } {
  const all = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const model = all[0]?.model.trim() ?? "an unnamed processor";
  const cores = `${availableParallelism()} of ${all.length} cores`;
  const system = `${platform()} ${release().split("-")[0]}`;
  return {
    machine: `${model}, ${cores}, ${memoryGb} GB, ${system}, Node ${process.versions.node}`,
    loadBefore: Math.round(10 * loadavg()[0]!) / 10,
  };
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const inMb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const inSeconds = (seconds: number): string => `${seconds.toFixed(2)} s`;

const WAYS = {
  plain: "a plain loop over h3-js",
  processor: "Footfall, one thread",
  whole: "the same with months and filters",
  gpu: "Footfall, kernels",
} as const;

function tokeniseLines(numbers: readonly TokeniseNumbers[]): string[] {
  const rows = numbers.flatMap(({ points, ways }) =>
    ways.map(({ way, pointsPerSecond, ratio }) => {
      const rate = whole(pointsPerSecond);
      return `| ${whole(points)} | ${WAYS[way]} | ${rate} | ${ratio.toFixed(2)} |`;
    }),
  );
  const adapter = numbers[0]?.adapter;
  const kernels = adapter ? `; kernels on ${adapter.description.trim()}` : "";
  return [
    `Tokenising, typed arrays to tokens (upload and read-back included)${kernels}:`,
    "",
    "| points | way | points/s | times the loop |",
    "| ---: | --- | ---: | ---: |",
    ...rows,
    "",
  ];
}

function pageLines({ firstMap, firstGuess, ready, engine }: PageNumbers): string[] {
  const row = (name: string, { seconds, bytes }: { seconds: number; bytes: number }): string =>
    `| ${name} | ${inSeconds(seconds)} | ${inMb(bytes)} |`;
  return [
    `The page as \`npm start\` serves it, nothing cached (${engine.trim()}):`,
    "",
    "| until | seconds | over the wire |",
    "| --- | ---: | ---: |",
    row("the first map stands", firstMap),
    row("the model's first guess is there", firstGuess),
    row("ready: all steps have run", ready),
    "",
  ];
}

/** The report as Markdown, and as what people read in a terminal. */
export function reportLines(report: BenchReport): string[] {
  const { tokenise, models, growth, kernels, tables, page, frames, imports } = report;
  return [
    `${report.date}, ${report.machine}; load of the machine before: ${report.loadBefore}; medians of at most ${report.runs}.`,
    "",
    ...(tokenise === undefined ? [] : tokeniseLines(tokenise)),
    ...(models === undefined ? [] : modelLines(models)),
    ...(growth === undefined ? [] : growthLines(growth)),
    ...(kernels === undefined ? [] : kernelLines(kernels)),
    ...(tables ?? []).flatMap(tableLines),
    ...(page === undefined ? [] : pageLines(page)),
    ...(frames === undefined ? [] : frameLines(frames)),
    ...(imports === undefined ? [] : importLines(imports)),
  ];
}
