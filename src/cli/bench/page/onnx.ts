import * as onnx from "onnxruntime-web/webgpu";
import { initialiseBert } from "../../../core/model/parameters";
import { bertToOnnx } from "../onnx-bert";
import type { OpenRunner } from "./model";
import { makeConfig, makeRows, sampleOf } from "./model";

/** ONNX Runtime Web, with the threads that it chooses by itself. */
export const openOnnx: OpenRunner = async (ask) => {
  const { B, T, backend } = ask;
  const config = makeConfig(ask);
  onnx.env.wasm.wasmPaths = new URL("./onnx/", location.href).href;
  onnx.env.logLevel = "error";
  const bytes = bertToOnnx(config, initialiseBert(config), { B, T });
  const session = await onnx.InferenceSession.create(bytes, {
    executionProviders: [backend],
    graphOptimizationLevel: "all",
  });
  const { tokens } = makeRows(ask);
  const logitsOf = async (): Promise<Float32Array> => {
    const { logits } = await session.run({ ids: new onnx.Tensor("int32", tokens, [B, T]) });
    return (await logits!.getData()) as Float32Array;
  };
  const threads = backend === "wasm" ? `, ${onnx.env.wasm.numThreads} threads` : "";
  return {
    description: `ONNX Runtime Web ${onnx.env.versions.web}${threads}`,
    check: async () => sampleOf(await logitsOf()),
    run: async () => void (await logitsOf()),
  };
};
