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

/** Workers of this worker as threads of the wasm engine, whose file is read from an address. */
export function browserThreading(simdWasm: string): Threading {
  return {
    spawn,
    readWasm: async () => {
      const response = await fetch(simdWasm);
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      throw new FootfallError("bad-file", `${simdWasm}: the server answered ${response.status}`);
    },
    cores: navigator.hardwareConcurrency,
  };
}
