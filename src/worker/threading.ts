import { FootfallError } from "../core/errors";
import type { Helper, Threading } from "../core/gpu/engine";

function spawn(): Helper {
  const worker = new Worker(new URL("./helper.ts", import.meta.url), { type: "module" });
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    onEnd: (callback) => worker.addEventListener("error", callback),
  };
}

/** More threads than this were not measured, and gain less and less (docs/decisions/012-threads.md). */
const MOST_THREADS = 4;

/**
 * Workers of this worker as threads of the wasm engine, whose file is read from an address. One of three
 * and more cores is left to the page's own thread; of two, both are used.
 */
export function browserThreading(simdWasm: string): Threading {
  const cores = navigator.hardwareConcurrency;
  return {
    spawn,
    readWasm: async () => {
      const response = await fetch(simdWasm);
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      throw new FootfallError("bad-file", `${simdWasm}: the server answered ${response.status}`);
    },
    threads: Math.min(MOST_THREADS, Math.max(2, cores - 1), cores),
  };
}
