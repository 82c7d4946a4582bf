import type { BertConfigJson } from "../../core/model/config";

/** What the command line asks a page for; plain JSON. */
export interface ForwardAsk {
  program: "footfall" | "onnx";
  backend: "webgpu" | "wasm";
  configJson: BertConfigJson;
  /** model.safetensors; empty for random weights. */
  weightsBase64: string;
  B: number;
  T: number;
  runs: number;
  warmUps: number;
}

/** What a page answers. */
export interface ForwardAnswer {
  seconds: number[];
  /** Every 97th of the logits of real tokens, to be compared. */
  sample: number[];
  description: string;
}
