import { createBert } from "../../model/bert";
import type { HostTensors } from "../../model/safetensors";
import type { Progress } from "../../pace";
import { allRows, unscale } from "../linear-model";
import { chooseLogistic } from "../strength";
import type { Labels } from "../tasks/types";
import { embedSequences } from "./embed-sequences";
import type { ModelRunInput, PretrainedModel } from "./run-model";

/** A linear map as the tensors of a head without a pooler. */
function toLabelHead(
  { rows, bias }: { rows: Float64Array; bias: Float64Array }, // [K, C], [K]
  width: number,
): HostTensors {
  const K = bias.length;
  return new Map([
    ["classifier.weight", { shape: [K, width], values: Float32Array.from(rows) }],
    ["classifier.bias", { shape: [K], values: Float32Array.from(bias) }],
  ]);
}

/**
 * The head over pairs at the start: a linear probe of the row's own frozen states, fitted on the training examples, its
 * strength chosen on validation ("LP-FT", Kumar et al. 2022, section 3.3). From a random head as few examples as a table's
 * are learnt by heart before the head has found the distance of the parts (docs/decisions/015). Throws "stopped".
 */
export async function* probeHead(
  { config, tensors }: PretrainedModel,
  { examples, split, signal }: Pick<ModelRunInput, "examples" | "split" | "signal">,
  learn: Uint32Array,
): AsyncGenerator<Progress, HostTensors, void> {
  const bert = createBert(config, tensors);
  try {
    const { classes, names } = examples.labels as Labels & { kind: "classes" };
    const known = [...learn, ...split.validation];
    const states = yield* embedSequences(
      bert,
      known.map((n) => examples.sequences[n]!),
      signal,
    ); // [n, 3C]
    const [train, validation] = [allRows(learn.length), allRows(known.length).slice(learn.length)];
    const y = Uint8Array.from(known, (n) => classes[n]!);
    const rows = { train, validation, signal };
    const { searched } = yield* chooseLogistic(states, y, names.length, rows);
    return toLabelHead(unscale(searched), states.width);
  } finally {
    bert.dispose();
  }
}
