import { availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import type { PageNumbers } from "./first-picture";
import type { ForwardNumbers } from "./forward";
import { importLines } from "./import/lines";
import type { ImportNumbers } from "./import/measure";
import type { TokeniseNumbers } from "./tokenise";
import type { TrainingNumbers } from "./training/measure";

/** Everything that one run of `footfall bench` measured, and where. */
export interface BenchReport {
  date: string;
  machine: string;
  /** Processes that wanted a core before the run began, ours not yet among them: 0 is a quiet machine. */
  loadBefore: number;
  runs: number;
  model: string;
  tokenise?: TokeniseNumbers[];
  forward?: ForwardNumbers[];
  pretrain?: TrainingNumbers[];
  page?: PageNumbers;
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

const PROGRAMS = { footfall: "Footfall", onnx: "ONNX Runtime Web" } as const;

function forwardLines(numbers: readonly ForwardNumbers[]): string[] {
  const rows = numbers.map(({ program, backend, description, tokensPerSecond, seconds }) => {
    const peer = numbers.find((other) => other.backend === backend && other.program === "onnx");
    const ratio = peer === undefined ? "" : (tokensPerSecond / peer.tokensPerSecond).toFixed(2);
    return `| ${PROGRAMS[program]} | ${backend} | ${description} | ${whole(tokensPerSecond)} | ${inSeconds(seconds)} | ${ratio} |`;
  });
  const difference = Math.max(...numbers.map((number) => number.difference));
  return [
    `Forward pass in Chromium, 16 rows of 64 tokens to logits on the CPU; logits agree within ${difference.toExponential(0)}:`,
    "",
    "| program | engine | runs as | tokens/s | a pass | ratio |",
    "| --- | --- | --- | ---: | ---: | ---: |",
    ...rows,
    "",
  ];
}

const TRAINERS = {
  footfall: "Footfall",
  jax: "jax-js, gradients alone",
  plain: "tfjs alone",
} as const;

function trainingLines(numbers: readonly TrainingNumbers[]): string[] {
  const rows = numbers.map(({ program, shape, seconds, tokensPerSecond, ratio }) => {
    const time = `${(1000 * seconds).toFixed(0)} ms`;
    return `| ${shape} | ${TRAINERS[program]} | ${time} | ${whole(tokensPerSecond)} | ${ratio.toFixed(2)} |`;
  });
  return [
    `Training step in Node (${numbers[0]!.description}), vocabulary 2,565, a fifth masked; losses and gradient norms agree:`,
    "",
    "| model, batch | program | a step | tokens/s | times Footfall |",
    "| --- | --- | ---: | ---: | ---: |",
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
  const { tokenise, forward, pretrain, page, imports } = report;
  return [
    `${report.date}, ${report.machine}; load of the machine before: ${report.loadBefore}; medians of ${report.runs}; model: ${report.model}.`,
    "",
    ...(tokenise === undefined ? [] : tokeniseLines(tokenise)),
    ...(forward === undefined ? [] : forwardLines(forward)),
    ...(pretrain === undefined ? [] : trainingLines(pretrain)),
    ...(page === undefined ? [] : pageLines(page)),
    ...(imports === undefined ? [] : importLines(imports)),
  ];
}
