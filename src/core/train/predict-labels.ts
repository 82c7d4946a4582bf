import { disposeBanks } from "../gpu/banks";
import type { LabelModel } from "../model/label-model";
import type { Progress } from "../pace";
import { createPace } from "../pace";
import { answerRows } from "./answers";
import type { AskedRows } from "./labelled-rows";
import { checkSequences } from "./labelled-rows";
import { createLabelLayout, uploadTensors } from "./layout";
import { installKernels } from "./trainer";

/**
 * A label model's answers to rows of tokens, row-major [N, K]: scores of classes before the softmax, or targets
 * in their own unit. The engine must be open. Throws "bad-input", "token-out-of-range", "stopped"; frees all it
 * made.
 */
export async function* predictLabels(
  { config, task, pooling, scale, tensors }: LabelModel,
  asked: AskedRows,
  signal?: AbortSignal,
): AsyncGenerator<Progress, Float32Array, void> {
  checkSequences(asked, config);
  installKernels();
  const pace = createPace(signal);
  const layout = createLabelLayout(config, task.count, pooling);
  const flat = uploadTensors(layout, tensors); // [P]
  try {
    const work = answerRows({ layout, flat, task, scale }, asked, pace);
    for (;;) {
      const { done, value } = await work.next();
      if (done) return value;
      yield {
        phase: "run the adapted model",
        done: value,
        total: asked.sequences.length,
        unit: "rows",
      };
    }
  } finally {
    disposeBanks(flat);
  }
}
