import type { BertConfig } from "../../core/model/config";
import { layerName } from "../../core/model/parameters";
import type { HostTensors } from "../../core/model/safetensors";
import { OnnxGraph } from "./onnx-graph";

/** Added to the score of a [PAD] key, as in core/gpu/ops.ts. */
const PADDING_BIAS = -1e4;

/** What every part of the network needs. */
interface Context {
  readonly graph: OnnxGraph;
  readonly config: BertConfig;
  readonly tensors: HostTensors;
  readonly B: number;
  readonly T: number;
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c]!;
  }
  return result;
}

function tensor({ graph, tensors }: Context, name: string): string {
  const { values, shape } = tensors.get(name)!;
  return graph.constant(values, shape);
}

/** x W + b with the weight stored as PyTorch does, [O, I]; ONNX multiplies by [I, O]. */
function dense(context: Context, x: string, weight: string, bias: string): string {
  const { graph, tensors } = context;
  const { values, shape } = tensors.get(weight)!;
  const [O, I] = shape as [number, number];
  const matrix = graph.constant(transposed(values, O, I), [I, O]);
  return graph.node("Add", [graph.node("MatMul", [x, matrix]), tensor(context, bias)]);
}

function linear(context: Context, x: string, name: string): string {
  return dense(context, x, `${name}.weight`, `${name}.bias`);
}

function norm(context: Context, x: string, name: string): string {
  const parts = [x, tensor(context, `${name}.weight`), tensor(context, `${name}.bias`)];
  const epsilon = { float: context.config.layerNormEpsilon };
  return context.graph.node("LayerNormalization", parts, { epsilon });
}

/** x (1 + erf(x / sqrt 2)) / 2, in the operators that PyTorch's exporter writes. */
function gelu({ graph }: Context, x: string): string {
  const bent = graph.node("Erf", [graph.node("Div", [x, graph.scalar(Math.SQRT2)])]);
  const gate = graph.node("Add", [bent, graph.scalar(1)]);
  return graph.node("Mul", [graph.node("Mul", [x, gate]), graph.scalar(0.5)]);
}

function heads(context: Context, x: string, perm: readonly number[]): string {
  const { graph, config, B, T } = context;
  const D = config.width / config.headCount;
  const split = graph.reshape(x, [B, T, config.headCount, D]);
  return graph.node("Transpose", [split], { perm });
}

function attention(context: Context, x: string, bias: string, layer: number): string {
  const { graph, config, B, T } = context;
  const project = (part: string): string =>
    linear(context, x, layerName(layer, `attention.self.${part}`));
  const query = heads(context, project("query"), [0, 2, 1, 3]);
  const key = heads(context, project("key"), [0, 2, 3, 1]);
  const value = heads(context, project("value"), [0, 2, 1, 3]);
  const scale = graph.scalar(Math.sqrt(config.width / config.headCount));
  const scores = graph.node("Div", [graph.node("MatMul", [query, key]), scale]);
  const shares = graph.node("Softmax", [graph.node("Add", [scores, bias])], { axis: 3 });
  const mixed = graph.node("MatMul", [shares, value]);
  const back = graph.node("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  return graph.reshape(back, [B, T, config.width]);
}

function encoderLayer(context: Context, x: string, bias: string, layer: number): string {
  const { graph } = context;
  const part = (name: string): string => layerName(layer, name);
  const mixed = attention(context, x, bias, layer);
  const attended = linear(context, mixed, part("attention.output.dense"));
  const middle = norm(
    context,
    graph.node("Add", [attended, x]),
    part("attention.output.LayerNorm"),
  );
  const wide = gelu(context, linear(context, middle, part("intermediate.dense")));
  const outer = linear(context, wide, part("output.dense"));
  return norm(context, graph.node("Add", [outer, middle]), part("output.LayerNorm"));
}

function embed(context: Context, ids: string): string {
  const { graph, config, tensors, T } = context;
  const words = tensor(context, "bert.embeddings.word_embeddings.weight");
  const table = tensors.get("bert.embeddings.position_embeddings.weight")!.values;
  const types = tensors.get("bert.embeddings.token_type_embeddings.weight")!.values;
  const C = config.width;
  const places = table.slice(0, T * C).map((value, n) => value + types[n % C]!);
  const embedded = graph.node("Gather", [words, ids]);
  const placed = graph.node("Add", [embedded, graph.constant(places, [1, T, C])]);
  return norm(context, placed, "bert.embeddings.LayerNorm");
}

function paddingBias({ graph, B, T }: Context, ids: string): string {
  const isPad = graph.node("Equal", [ids, graph.constant(Int32Array.of(0), [])]);
  const ones = graph.node("Cast", [isPad], { to: 1 });
  return graph.reshape(graph.node("Mul", [ones, graph.scalar(PADDING_BIAS)]), [B, 1, 1, T]);
}

/**
 * A BERT as an ONNX file for rows of one shape: input "ids" int32 [B, T], output "logits" [B, T, V].
 * The operators are those that an exporter writes; ONNX Runtime fuses what it can when it loads them.
 */
export function bertToOnnx(
  config: BertConfig,
  tensors: HostTensors,
  { B, T }: { B: number; T: number },
): Uint8Array {
  const graph = new OnnxGraph();
  const context: Context = { graph, config, tensors, B, T };
  graph.input("ids", "int32", [B, T]);
  const bias = paddingBias(context, "ids"); // [B, 1, 1, T]
  let x = embed(context, "ids"); // [B, T, C]
  for (let layer = 0; layer < config.layerCount; layer++) {
    x = encoderLayer(context, x, bias, layer); // [B, T, C]
  }
  const bent = gelu(context, linear(context, x, "cls.predictions.transform.dense"));
  const normed = norm(context, bent, "cls.predictions.transform.LayerNorm");
  const decoder = config.isTied
    ? "bert.embeddings.word_embeddings.weight"
    : "cls.predictions.decoder.weight";
  const logits = dense(context, normed, decoder, "cls.predictions.bias");
  graph.node("Identity", [logits], {}, "logits");
  graph.output("logits", [B, T, config.vocabularySize]);
  return graph.toBytes();
}
