import { runHelper, takeParts, type HelperMessage } from "../core/gpu/threads/thread";

/** A helper thread of the engine: the whole program of its worker. */
declare const self: DedicatedWorkerGlobalScope;

runHelper(
  {
    onMessage: (listener) =>
      self.addEventListener("message", ({ data }: MessageEvent<HelperMessage>) => listener(data)),
    instantiate: (module, memory) => {
      const imports = { env: { memory: memory as WebAssembly.Memory } };
      return new WebAssembly.Instance(module, imports).exports as never;
    },
  },
  takeParts,
);
