import type { Engine, EngineKind } from "../core/gpu/engine";
import { openEngine } from "../core/gpu/engine";
import { MAX_THREADS } from "../core/gpu/threads/board";
import type { CommandInput, CommandOption } from "./command";
import { installDawn } from "./dawn";
import { allowRelaxedSimd } from "./relaxed-simd";
import { nodeThreading } from "./threads";
import { choiceOf, numberOf } from "./values";

/** Options of every command that opens an engine. */
export const ENGINE_OPTIONS: Readonly<Record<string, CommandOption>> = {
  backend: { type: "string", value: "NAME", help: "webgpu, wasm or cpu", default: "wasm" },
  threads: {
    type: "string",
    value: "N",
    help: "of wasm; the results are the same",
    default: "the cores, at most 4",
  },
};

/** The engine that the options name, as it is to be opened. */
export interface EnginePlan {
  readonly backend: EngineKind;
  readonly threads: number | undefined;
}

/** Reads the options of the engine. Throws "bad-input". */
export function readEnginePlan(values: CommandInput["values"]): EnginePlan {
  return {
    backend: choiceOf(values, "backend", ["webgpu", "wasm", "cpu"]) ?? "wasm",
    threads: numberOf(values, "threads", { from: 1, to: MAX_THREADS }),
  };
}

/** Opens an engine in Node. Throws "no-gpu" for webgpu without an adapter. */
export async function openNodeEngine({ backend, threads }: EnginePlan): Promise<Engine> {
  if (backend === "webgpu") await installDawn();
  if (backend === "wasm") allowRelaxedSimd();
  return openEngine({ backend, threads, threading: nodeThreading });
}
