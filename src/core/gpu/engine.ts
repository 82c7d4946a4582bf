import * as tf from "@tensorflow/tfjs-core";
import { FootfallError, toFootfallError } from "../errors";
import { limitTensors } from "./banks";
import type { AdapterReport, Capabilities } from "./capabilities";
import { readCapabilities } from "./capabilities";
import type { EngineKind, EngineOptions } from "./options";
import { openCpu, openWasm } from "./processor";
import type { OpenedWebGpu } from "./webgpu";
import { findAdapter, openWebGpu } from "./webgpu";

export type { Capabilities } from "./capabilities";
export type { EngineKind, EngineOptions, Threading, WasmFile } from "./options";
export type { Helper } from "./threads/pool";

/** Where tensors live and are computed. One is open at a time: tfjs keeps one current backend. */
export interface Engine {
  readonly kind: EngineKind;
  /** Maker and model of the adapter, or how wasm runs, in a few words. */
  readonly description: string;
  /** One sentence where the engine is not the first choice, else undefined. */
  readonly reason: string | undefined;
  readonly capabilities: Capabilities;
  /** Bytes of one tensor at most; Infinity where there is no such limit. */
  readonly bufferBytes: number;
  /** Calls back once if the GPU is taken away; never for wasm and cpu. */
  onLost(callback: (error: FootfallError) => void): void;
  /**
   * What the graphics device refused since the last call ("out-of-memory", "worker-failed"): its errors come on a
   * way of their own, and what was computed since is worthless. Undefined without any, and for wasm and cpu.
   */
  takeFault(): FootfallError | undefined;
  /** Resolves when the graphics device has done, or refused, all that was asked of it; at once for wasm and cpu. */
  settle(): Promise<void>;
  /** Frees the backend and with it all tensors; the engine cannot be used again. */
  dispose(): void;
}

/** What makes webgpu unfit here, as the beginning of a sentence; undefined where it is fit. */
function findObstacle(
  gpu: GPU | undefined,
  adapter: AdapterReport | undefined,
): string | undefined {
  if (gpu === undefined) return "This browser has no WebGPU";
  if (adapter === undefined) return "No graphics adapter is offered to WebGPU";
  if (adapter.isSoftware) return "WebGPU is only emulated in software here";
  return undefined;
}

/** Frees a backend and all its tensors; the next engine of this kind starts from nothing. */
function closeWith(kind: EngineKind): () => void {
  return () => {
    const factory = tf.findBackendFactory(kind) as (() => tf.KernelBackend) | null;
    if (factory === null) return;
    tf.removeBackend(kind); // also forgets how to make it, and its module registers it but once
    tf.registerBackend(kind, factory);
  };
}

async function openOnProcessor(
  kind: "wasm" | "cpu",
  options: EngineOptions,
  found: { adapter: AdapterReport | undefined; reason: string | undefined },
): Promise<Engine> {
  const opened = kind === "wasm" ? await openWasm(options) : await openCpu();
  const { bufferBytes = Infinity } = options;
  limitTensors(bufferBytes);
  return {
    kind,
    description: opened.description,
    reason: found.reason,
    capabilities: readCapabilities(kind, found.adapter, opened),
    bufferBytes,
    onLost: () => undefined,
    takeFault: () => undefined,
    settle: () => Promise.resolve(),
    dispose: () => {
      opened.dispose();
      closeWith(kind)();
    },
  };
}

function toEngine(opened: OpenedWebGpu): Engine {
  let isOpen = true;
  return {
    kind: "webgpu",
    description: opened.adapter.description,
    reason: opened.adapter.isSoftware
      ? "WebGPU is only emulated in software here; it runs because it was asked for."
      : undefined,
    capabilities: readCapabilities("webgpu", opened.adapter, undefined),
    bufferBytes: opened.bufferBytes,
    onLost: (callback) => {
      void opened.device.lost.then(({ message }) => {
        if (!isOpen) return; // we closed it ourselves
        const detail = message === "" ? "" : ` (${message})`;
        callback(new FootfallError("device-lost", `the graphics device was lost${detail}`));
      });
    },
    takeFault: () => opened.faults.take(),
    settle: () => opened.device.queue.onSubmittedWorkDone().catch(() => undefined), // a lost one is told by onLost
    dispose: () => {
      isOpen = false;
      closeWith("webgpu")();
      opened.device.destroy();
    },
  };
}

function refuseWebGpu(obstacle: string): FootfallError {
  return new FootfallError("no-gpu", `${obstacle}, and backend=webgpu was asked for`);
}

/**
 * Opens WebGPU where the browser offers a real adapter, else wasm with one sentence that says why.
 * `backend` forces an engine; forced webgpu takes a software adapter too. Asks for no optional feature.
 * Throws "no-gpu" where webgpu was forced and there is no adapter, "bad-file" where the wasm files are
 * missing.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { gpu, adapter } = await findAdapter();
  const obstacle = findObstacle(gpu, adapter?.report);
  const report = adapter?.report;
  const { backend } = options;
  if (backend === "webgpu" || (backend === undefined && obstacle === undefined)) {
    if (adapter === undefined) throw refuseWebGpu(obstacle ?? "No adapter");
    try {
      return toEngine(await openWebGpu(adapter, options.bufferBytes));
    } catch (error) {
      if (backend === "webgpu") throw toFootfallError(error, "no-gpu");
      const reason = `The graphics adapter could not be opened, so the model runs on the processor (wasm).`;
      return openOnProcessor("wasm", options, { adapter: report, reason });
    }
  }
  const reason =
    backend === undefined ? `${obstacle}, so the model runs on the processor (wasm).` : undefined;
  return openOnProcessor(backend ?? "wasm", options, { adapter: report, reason });
}
