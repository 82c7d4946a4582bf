// Runs in the browser: one engine a page, so that no other one holds threads or memory.
import * as onnx from "onnxruntime-web/webgpu";
import { openEngine } from "../../../core/gpu/engine";
import type { Bert } from "../../../core/model/bert";
import { createBert, encode, scoreTokens } from "../../../core/model/bert";
import { readBertConfig } from "../../../core/model/config";
import { initialiseBert } from "../../../core/model/parameters";
import { readSafetensors } from "../../../core/model/safetensors";
import { createRandom } from "../../../core/random";
import type { ForwardAnswer, ForwardAsk } from "../forward-ask";
import { bertToOnnx } from "../onnx-bert";

const SAMPLE_STEP = 97;

type Forward = (ids: Int32Array) => Promise<Float32Array>; // logits, [B * T * V]

function modelOf({ configJson, weightsBase64 }: ForwardAsk) {
  const config = readBertConfig(configJson);
  const bytes = Uint8Array.from(atob(weightsBase64), (letter) => letter.charCodeAt(0));
  return { config, tensors: bytes.length === 0 ? initialiseBert(config) : readSafetensors(bytes) };
}

async function logitsOf(bert: Bert, ids: Int32Array, { B, T }: ForwardAsk): Promise<Float32Array> {
  const hidden = encode(bert, { tokens: ids, B, T }); // [BT, C]
  const logits = scoreTokens(bert, hidden); // [BT, V]
  try {
    return (await logits.data()) as Float32Array;
  } finally {
    hidden.dispose();
    logits.dispose();
  }
}

async function openFootfall(ask: ForwardAsk): Promise<{ run: Forward; description: string }> {
  const { config, tensors } = modelOf(ask);
  const engine = await openEngine({ backend: ask.backend, wasmPaths: "./tfjs/" });
  const bert = createBert(config, tensors);
  return { run: (ids) => logitsOf(bert, ids, ask), description: engine.description };
}

async function openOnnx(ask: ForwardAsk): Promise<{ run: Forward; description: string }> {
  const { config, tensors } = modelOf(ask);
  const { B, T, backend } = ask;
  onnx.env.wasm.wasmPaths = new URL("./onnx/", location.href).href;
  onnx.env.logLevel = "error";
  const session = await onnx.InferenceSession.create(bertToOnnx(config, tensors, { B, T }), {
    executionProviders: [backend],
    graphOptimizationLevel: "all",
  });
  const run: Forward = async (ids) => {
    const { logits } = await session.run({ ids: new onnx.Tensor("int32", ids, [B, T]) });
    return (await logits!.getData()) as Float32Array;
  };
  const threads = onnx.env.wasm.numThreads;
  return { run, description: `ONNX Runtime Web ${onnx.env.versions.web}, ${threads} threads` };
}

/** Rows of random tokens; the second half of every fourth row is padding. */
function makeIds({ B, T }: ForwardAsk, V: number): Int32Array {
  const random = createRandom(123, "bench", "ids");
  return Int32Array.from({ length: B * T }, (_, n) => {
    const isPadding = Math.floor(n / T) % 4 === 3 && n % T >= T / 2;
    return isPadding ? 0 : 5 + random.integer(V - 5);
  });
}

async function measureForward(ask: ForwardAsk): Promise<ForwardAnswer> {
  const V = readBertConfig(ask.configJson).vocabularySize;
  const ids = makeIds(ask, V);
  const { run, description } = await (ask.program === "onnx" ? openOnnx(ask) : openFootfall(ask));
  const logits = await run(ids);
  const sample = [...logits].filter(
    (_, n) => n % SAMPLE_STEP === 0 && ids[Math.floor(n / V)] !== 0,
  );
  for (let k = 1; k < ask.warmUps; k++) await run(ids);
  const seconds: number[] = [];
  for (let k = 0; k < ask.runs; k++) {
    const start = performance.now();
    await run(ids);
    seconds.push((performance.now() - start) / 1000);
  }
  return { seconds, sample, description };
}

Object.assign(globalThis, { measureForward });
