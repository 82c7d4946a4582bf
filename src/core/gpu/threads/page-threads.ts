import type { Threading } from "../options";
import type { Helper } from "./pool";

/** What pages and workers call a worker. */
interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: "error", listener: () => void): void;
}

/** More threads than this were not measured, and gain less and less (docs/decisions/013-threads.md). */
export const MOST_THREADS = 4;

/**
 * Threads of a browser. One of three and more cores is left to the page's own thread; of two, both are used.
 * @param start a worker that runs `runHelper`
 */
export function pageThreads({
  cores,
  start,
  readWasm,
}: Pick<Threading, "readWasm"> & { cores: number; start: () => WorkerLike }): Threading {
  const spawn = (): Helper => {
    const worker = start();
    return {
      postMessage: (message) => worker.postMessage(message),
      terminate: () => worker.terminate(),
      onEnd: (callback) => worker.addEventListener("error", callback),
    };
  };
  return { spawn, readWasm, threads: Math.min(MOST_THREADS, Math.max(2, cores - 1), cores) };
}
