import type * as tf from "@tensorflow/tfjs-core";
import { TRAINING } from "../../training-names";
import { writeLinear, writePackLinear } from "../linear.wasm";
import type { Call } from "../register";
import { FLOAT_BYTES, KernelLibrary, floatsFrom, sizeOf } from "../register";
import { attentionGradient, droppedAttention } from "./attention";
import { dense, denseGradient } from "./dense";
import { dropOut } from "./dropout";
import { writeDropout } from "./dropout.wasm";
import { embed, embedGradient, putRows } from "./movement";
import { writeGeluGradient } from "./gelu.wasm";
import {
  writeAddColumns,
  writeAddRows,
  writeEmbed,
  writePackTransposed,
  writeTranspose,
} from "./movement.wasm";
import { norm, normGradient } from "./norm";
import { writeKeepNorm, writeNormGradient, writeNormSums } from "./norm.wasm";
import { adamw, squares } from "./optimiser";
import { writeAdamw, writeSquares } from "./optimiser.wasm";
import { writeProduct } from "./product.wasm";
import { writeCrossEntropy, writeSoftmax, writeSoftmaxGradient } from "./softmax.wasm";
import { vocabulary } from "./vocabulary";

const LIBRARY = new KernelLibrary((fma) => [
  writeTranspose(),
  writePackTransposed(),
  writePackLinear(),
  writeLinear(fma),
  writeLinear(fma, true),
  writeAddColumns(),
  writeAddRows(),
  writeEmbed(),
  writeKeepNorm(),
  writeNormSums(),
  writeNormGradient(),
  writeGeluGradient(fma),
  writeProduct(fma),
  writeSoftmax(fma),
  writeSoftmaxGradient(),
  writeCrossEntropy(fma),
  writeDropout(),
  writeSquares(),
  writeAdamw(),
]);

/** Nanoseconds of one thread for a value. */
const GELU_NS = 1.5;

function geluGradient(call: Call): tf.TensorInfo {
  const { x, d } = call.inputs;
  const out = call.backend.makeOutput(x!.shape, "float32");
  const places = [x, d, out].map(call.address);
  const what = { total: sizeOf(x!), ns: GELU_NS, align: 4 };
  const work = call.cut(what, ([from, to]) => (run) => {
    const bytes = (to - from) * FLOAT_BYTES;
    run("geluGradient", ...places.map((place) => floatsFrom(place, from)), bytes);
  });
  call.share([work]);
  return out;
}

/** Registers the kernels of training for tfjs' wasm backend; they need SIMD. */
export function installTrainingKernels(): void {
  LIBRARY.register(TRAINING.embed, embed);
  LIBRARY.register(TRAINING.embedGradient, embedGradient);
  LIBRARY.register(TRAINING.norm, norm);
  LIBRARY.register(TRAINING.normGradient, normGradient);
  LIBRARY.register(TRAINING.dense, dense);
  LIBRARY.register(TRAINING.denseGradient, denseGradient);
  LIBRARY.register(TRAINING.attentionGradient, (call) => attentionGradient(call, 0));
  LIBRARY.register(TRAINING.causalAttentionGradient, (call) => attentionGradient(call, 1));
  LIBRARY.register(TRAINING.dropout, dropOut);
  LIBRARY.register(TRAINING.droppedAttention, droppedAttention);
  LIBRARY.register(TRAINING.droppedAttentionGradient, (call) => attentionGradient(call));
  LIBRARY.register(TRAINING.geluGradient, geluGradient);
  LIBRARY.register(TRAINING.putRows, putRows);
  LIBRARY.register(TRAINING.vocabulary, vocabulary);
  LIBRARY.register(TRAINING.squares, squares);
  LIBRARY.register(TRAINING.adamw, adamw);
}
