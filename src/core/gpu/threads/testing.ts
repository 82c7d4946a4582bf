import type { Threading } from "../options";
import { TEST_WASM_PATHS } from "../testing";
import type { Helper } from "./pool";
import { pageThreads } from "./page-threads";
import { helperProgram } from "./thread";

const WASM = "tfjs-backend-wasm-simd.wasm";

/** The little of Node and of the browser that helpers need; imported by name, so that no bundler follows. */
interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref(): void;
  once(event: "exit", callback: () => void): void;
}
interface BrowserWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(event: "error", callback: () => void): void;
}
interface BrowserScope {
  readonly Blob: new (parts: string[], options: { type: string }) => object;
  readonly URL: { createObjectURL(blob: object): string };
  readonly Worker: new (address: string) => BrowserWorker;
  fetch(address: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> }>;
}

async function nodeThreads(): Promise<Threading> {
  const load = async <T>(name: string): Promise<T> => (await import(/* @vite-ignore */ name)) as T;
  const { Worker } = await load<{
    Worker: new (text: string, options: { eval: true }) => NodeWorker;
  }>("node:worker_threads");
  const { readFile } = await load<{ readFile(path: string): Promise<Uint8Array> }>(
    "node:fs/promises",
  );
  const text = helperProgram('require("node:worker_threads").parentPort.on("message", listener)');
  const spawn = (): Helper => {
    const worker = new Worker(text, { eval: true });
    worker.unref();
    return {
      postMessage: (message) => worker.postMessage(message),
      terminate: () => void worker.terminate(),
      onEnd: (callback) => worker.once("exit", callback),
    };
  };
  const path = `node_modules/@tensorflow/tfjs-backend-wasm/dist/${WASM}`;
  return { spawn, readWasm: () => readFile(path), threads: 2 };
}

function browserThreads(): Threading {
  const { Blob, URL, Worker, fetch } = globalThis as unknown as BrowserScope;
  const text = helperProgram('addEventListener("message", ({ data }) => listener(data))');
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const wasm = (TEST_WASM_PATHS as Record<string, string>)[WASM]!;
  const readWasm = async (): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch.call(globalThis, wasm)).arrayBuffer());
  return pageThreads({ cores: 2, start: () => new Worker(address), readWasm });
}

/** Threads for tests, in Node and in the browser. */
export function loadTestThreads(): Promise<Threading> {
  return TEST_WASM_PATHS === undefined ? nodeThreads() : Promise.resolve(browserThreads());
}
