// Runs in the browser: one program a page, so that no other one holds threads or memory.
import type { KernelNumbers, ModelAsk, ModelOpened, ModelProgram } from "../model/ask";
import type { OpenRunner, Runner } from "./model";

const OPENERS: Record<ModelProgram, () => Promise<OpenRunner>> = {
  footfall: async () => (await import("./footfall")).openFootfall,
  plain: async () => (await import("./plain-bert")).openPlain,
  jax: async () => (await import("./jax-bert")).openJax,
  onnx: async () => (await import("./onnx")).openOnnx,
};

let runner: Runner;

/** Counts what is sent to the graphics card while something runs. */
async function countDispatches<T>(run: () => Promise<T>): Promise<{ result: T; count: number }> {
  const { prototype } = GPUComputePassEncoder;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = prototype;
  let count = 0;
  prototype.dispatchWorkgroups = function (...sizes) {
    count++;
    return dispatchWorkgroups.apply(this, sizes);
  };
  prototype.dispatchWorkgroupsIndirect = function (...places) {
    count++;
    return dispatchWorkgroupsIndirect.apply(this, places);
  };
  const result = await run();
  Object.assign(prototype, { dispatchWorkgroups, dispatchWorkgroupsIndirect });
  return { result, count };
}

/** Opens a program and runs it once. */
async function openModel(ask: ModelAsk): Promise<ModelOpened> {
  runner = await (await OPENERS[ask.program]())(ask);
  const { result, count } = await countDispatches(() => runner.check());
  const dispatches = ask.backend === "webgpu" ? count : undefined;
  return { description: runner.description, dispatches, check: [...result] };
}

/** Seconds of one run of what is open. */
async function timeModel(): Promise<number> {
  const start = performance.now();
  await runner.run();
  return (performance.now() - start) / 1000;
}

async function timeKernels(): Promise<KernelNumbers> {
  return (await import("./kernels")).measureKernels();
}

Object.assign(globalThis, { openModel, timeModel, timeKernels });
