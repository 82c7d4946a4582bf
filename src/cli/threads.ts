import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Helper, Threading } from "../core/gpu/engine";
import { MOST_THREADS } from "../core/gpu/threads/page-threads";
import { helperProgram } from "../core/gpu/threads/thread";

/** As text: a bundle has no file of its own for it. */
const PROGRAM = helperProgram('require("node:worker_threads").parentPort.on("message", listener)');

function spawn(): Helper {
  const worker = new Worker(PROGRAM, { eval: true });
  worker.unref(); // it never keeps the process
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
    onEnd: (callback) => {
      worker.on("error", callback);
      worker.once("exit", callback);
    },
  };
}

function readWasm(): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  return readFile(resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"));
}

/** Threads of Node for the wasm engine. */
export const nodeThreading: Threading = {
  spawn,
  readWasm,
  threads: Math.min(MOST_THREADS, availableParallelism()),
};
