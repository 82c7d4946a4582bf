import { FootfallError } from "../core/errors";
import type { Threading } from "../core/gpu/engine";
import { pageThreads } from "../core/gpu/threads/page-threads";

/** Workers of this worker as threads of the wasm engine, whose file is read from an address. */
export function browserThreading(simdWasm: string): Threading {
  return pageThreads({
    cores: navigator.hardwareConcurrency,
    start: () => new Worker(new URL("./helper.ts", import.meta.url), { type: "module" }),
    readWasm: async () => {
      const response = await fetch(simdWasm);
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      throw new FootfallError("bad-file", `${simdWasm}: the server answered ${response.status}`);
    },
  });
}
