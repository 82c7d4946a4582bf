import type { Part } from "../../gpu/banks";
import type { DenseParts } from "../../gpu/training/dense";
import type { NormParts } from "../../gpu/training/norm";
import type { GptConfig } from "../../model/gpt/config";
import { GPT_NAMES, gptLayerName, gptShapes } from "../../model/gpt/parameters";
import type { FlatLayout } from "../layout";
import { placeParts } from "../layout";

/** The parts of one pre-norm block. */
export interface GptLayerParts {
  readonly attentionNorm: NormParts;
  /** Query, key and value one after the other: [3C, C]. */
  readonly projection: DenseParts;
  readonly attended: DenseParts;
  readonly denseNorm: NormParts;
  readonly inner: DenseParts;
  readonly outer: DenseParts;
}

/** Where each parameter of a GPT on points lies in one flat array. All of them decay, as RAW's AdamW has it. */
export interface GptLayout extends FlatLayout {
  readonly config: GptConfig;
  readonly encoderInner: DenseParts;
  readonly encoderOuter: DenseParts;
  readonly positions: Part; // [P, C]
  readonly layers: readonly GptLayerParts[];
  readonly finalNorm: NormParts;
  readonly headInner: DenseParts;
  readonly headOuter: DenseParts;
  readonly headOutput: DenseParts;
}

/** The layout of a configuration's parameters. */
export function createGptLayout(config: GptConfig): GptLayout {
  const flat = placeParts(gptShapes(config));
  const { width: C, layerNormEpsilon: epsilon } = config;
  const find = (name: string): Part => flat.parts.get(name)!;
  const dense = (name: string): DenseParts => ({
    weight: find(`${name}.weight`),
    bias: find(`${name}.bias`),
  });
  const norm = (name: string): NormParts => ({ ...dense(name), epsilon });
  const layer = (n: number): GptLayerParts => {
    const query = dense(gptLayerName(n, "attention.self.query"));
    return {
      attentionNorm: norm(gptLayerName(n, "attention.LayerNorm")),
      projection: {
        weight: { start: query.weight.start, shape: [3 * C, C] },
        bias: { start: query.bias.start, shape: [3 * C] },
      },
      attended: dense(gptLayerName(n, "attention.output.dense")),
      denseNorm: norm(gptLayerName(n, "intermediate.LayerNorm")),
      inner: dense(gptLayerName(n, "intermediate.dense")),
      outer: dense(gptLayerName(n, "output.dense")),
    };
  };
  return {
    ...flat,
    decayed: flat.size,
    config,
    encoderInner: dense(GPT_NAMES.encoderInner),
    encoderOuter: dense(GPT_NAMES.encoderOuter),
    positions: find(GPT_NAMES.positions),
    layers: Array.from({ length: config.layerCount }, (_, n) => layer(n)),
    finalNorm: norm(GPT_NAMES.finalNorm),
    headInner: dense(GPT_NAMES.headInner),
    headOuter: dense(GPT_NAMES.headOuter),
    headOutput: dense(GPT_NAMES.headOutput),
  };
}
