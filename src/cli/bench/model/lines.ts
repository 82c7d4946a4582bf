import type { KernelNumbers, ModelBackend, ModelProgram, ModelTask } from "./ask";
import { sizeName } from "./ask";
import type { ModelNumbers } from "./measure";

const PROGRAMS: Record<ModelProgram, string> = {
  footfall: "Footfall",
  plain: "tfjs alone",
  jax: "jax-js",
  onnx: "ONNX Runtime Web",
};

const TASKS: Record<ModelTask, string> = {
  forward:
    "Forward pass in Chromium, tokens to all logits on the CPU; the logits of all programs agree within 1e-4 of the largest",
  step: "Training step in Chromium, a fifth masked; losses and gradient norms agree within 1e-3. Footfall and tfjs take their Adam's step, jax-js computes the gradients alone",
};

const inMs = (seconds: number): string =>
  seconds < 10 ? `${(1000 * seconds).toFixed(0)} ms` : `${seconds.toFixed(1)} s`;

const toLine = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;

const COLUMNS = [
  "model, batch",
  "program",
  "a run",
  "tokens/s",
  "times Footfall",
  "processor",
  "times Footfall",
  "dispatches",
  "runs",
];

function numbersLine(numbers: ModelNumbers): string {
  const { program, seconds, processorSeconds, dispatches, runs, reason, B, T } = numbers;
  const start = [sizeName(numbers), PROGRAMS[program]];
  if (seconds === undefined || processorSeconds === undefined) {
    const rest = COLUMNS.slice(start.length + 1).map(() => "");
    return toLine([...start, `left out: ${reason ?? "it failed"}`, ...rest]);
  }
  return toLine([
    ...start,
    inMs(seconds),
    Math.round((B * T) / seconds).toLocaleString("en"),
    numbers.ratio?.toFixed(2) ?? "",
    `${processorSeconds.toFixed(2)} s`,
    numbers.processorRatio?.toFixed(2) ?? "",
    dispatches === undefined ? "" : String(dispatches),
    String(runs),
  ]);
}

/** What each program says of itself, once. */
function describe(numbers: readonly ModelNumbers[]): string {
  const said = numbers.flatMap(({ program, description }) =>
    description === undefined ? [] : [`${PROGRAMS[program]}: ${description.trim()}`],
  );
  return [...new Set(said)].join("; ");
}

/** One table a task and engine. */
export function modelLines(all: readonly ModelNumbers[]): string[] {
  const tables = (["forward", "step"] as const).flatMap((task) =>
    (["webgpu", "wasm"] as const).map((backend) => ({ task, backend })),
  );
  return tables.flatMap(({ task, backend }) => {
    const numbers = all.filter((one) => one.task === task && one.backend === backend);
    if (numbers.length === 0) return [];
    return [
      `${TASKS[task]}. ${backend} (${describe(numbers)}):`,
      "",
      toLine(COLUMNS),
      toLine(COLUMNS.map((_, n) => (n < 2 ? "---" : "---:"))),
      ...numbers.map((one) => numbersLine(one)),
      "",
    ];
  });
}

/** How Footfall's step grows: a line a size, a column an engine. */
export function growthLines(all: readonly ModelNumbers[]): string[] {
  const backends: ModelBackend[] = [...new Set(all.map(({ backend }) => backend))];
  const sizes = [...new Set(all.map(sizeName))];
  const rows = sizes.map((size) => {
    const cells = backends.map((backend) => {
      const found = all.find((one) => one.backend === backend && sizeName(one) === size);
      return found?.seconds === undefined
        ? `left out: ${found?.reason}`
        : `${inMs(found.seconds)} (${found.processorSeconds!.toFixed(2)} s)`;
    });
    return toLine([size, ...cells]);
  });
  return [
    "How Footfall's training step grows with places, rows, width and layers; in brackets the seconds of the processor:",
    "",
    toLine(["model, batch", ...backends]),
    toLine(["---", ...backends.map(() => "---:")]),
    ...rows,
    "",
  ];
}

/** Kernels against what shaders reach on this device that do nothing else. */
export function kernelLines({
  adapter,
  operationRate,
  byteRate,
  kernels,
}: KernelNumbers): string[] {
  const rows = kernels.map(({ name, seconds, operations, bytes }) => {
    const [rate, peak, unit] =
      operations > 0
        ? [operations / seconds, operationRate, "GFLOP/s"]
        : [bytes / seconds, byteRate, "GB/s"];
    const share = `${Math.round((100 * rate) / peak)} %`;
    return toLine([
      name,
      `${(1000 * seconds).toFixed(2)} ms`,
      `${(rate / 1e9).toFixed(2)} ${unit}`,
      share,
    ]);
  });
  return [
    `Kernels alone on ${adapter.trim()}; a shader that only multiplies and adds in registers reaches ${(operationRate / 1e9).toFixed(1)} GFLOP/s there, one that only copies ${(byteRate / 1e9).toFixed(2)} GB/s:`,
    "",
    toLine(["kernel", "a call", "rate", "of what is reached"]),
    "| --- | ---: | ---: | ---: |",
    ...rows,
    "",
  ];
}
