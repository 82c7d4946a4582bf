import { FootfallError } from "../errors";
import { sizeOfPart } from "../gpu/banks";
import type { FlatLayout } from "./layout";

/** Names of the parts of a flat array that hold a value that is no number, in the order of the model. */
function findBroken({ parts }: FlatLayout, flat: Float32Array): string[] {
  const broken = [...parts].filter(([, part]) => {
    const values = flat.subarray(part.start, part.start + sizeOfPart(part));
    return !values.every(Number.isFinite);
  });
  return broken.map(([name]) => name);
}

/** A layer's number, so that parts can be put in the order in which the way back reaches them. */
function depthOf(name: string): number {
  const layer = /layer\.(\d+)\./.exec(name)?.[1];
  if (layer !== undefined) return Number(layer);
  if (/^(bert\.pooler|gpt\.decoder\.LayerNorm)\./.test(name)) return Number.MAX_SAFE_INTEGER - 1;
  return /^(cls|classifier|point_head)\./.test(name) ? Number.MAX_SAFE_INTEGER : -1;
}

/**
 * The error for a loss or gradients that are no finite numbers. Names the layer where it began: the deepest part
 * whose parameters are broken, else the part nearest to the loss whose gradient is.
 */
export function explainNonFinite(
  layout: FlatLayout,
  step: number,
  parameters: Float32Array,
  gradients: Float32Array,
): FootfallError {
  const byDepth = (a: string, b: string): number => depthOf(b) - depthOf(a);
  const [weight] = findBroken(layout, parameters).sort((a, b) => depthOf(a) - depthOf(b));
  const [gradient] = findBroken(layout, gradients).sort(byDepth);
  const where =
    weight !== undefined
      ? `the weights "${weight}" hold values that are no numbers`
      : gradient !== undefined
        ? `the gradient of "${gradient}" is no number`
        : "the loss is no number";
  const advice = "the step was not taken; lower the learning rate or lengthen the warm-up";
  return new FootfallError("not-finite", `step ${step}: ${where}; ${advice}`);
}
