import type { Banks } from "../gpu/banks";
import type { LabelTask, TargetScale } from "../model/label-model";
import type { Pace } from "../pace";
import { planLabelPasses, toEncoderRows, toReadRows } from "./label-batches";
import type { AskedRows, LabelledRows } from "./labelled-rows";
import type { LabelLayout } from "./layout";
import { runAnswers } from "./objectives/labels";
import { Pass } from "./tape";

/** Where answers come from: a model's layout and its parameters [P] on the current engine. */
export interface Answering {
  readonly layout: LabelLayout;
  readonly flat: Banks;
  readonly task: LabelTask;
  readonly scale: TargetScale | undefined;
}

/**
 * The answers to some rows, row-major [N, K] in their order: scores of classes before the softmax, or targets in
 * their own unit. Yields the number of rows done. Rests as `pace` says; throws "stopped".
 */
export async function* answerRows(
  { layout, flat, task, scale }: Answering,
  asked: AskedRows,
  pace: Pace,
): AsyncGenerator<number, Float32Array, void> {
  const K = task.count;
  const O = layout.padded.bias.shape[0]!;
  const { sequences } = asked;
  const read = toReadRows(asked, layout.pooling);
  const answers = new Float32Array(sequences.length * K); // [N, K]
  let done = 0;
  for (const passed of planLabelPasses(read, sequences.keys(), layout.config)) {
    const pass = new Pass(flat);
    try {
      const rows = toEncoderRows(read, passed);
      const values = await (await runAnswers(pass, layout, rows, pace)).data<"float32">(); // [B, O]
      passed.rows.forEach((row, b) => answers.set(values.subarray(b * O, b * O + K), row * K));
    } finally {
      pass.end();
    }
    done += passed.rows.length;
    if (pace.due()) await pace.rest();
    yield done;
  }
  if (scale === undefined) return answers;
  return answers.map((value, n) => value * scale.deviations[n % K]! + scale.means[n % K]!);
}

/** -log of the label's share in the softmax of some scores. */
function crossEntropy(scores: Float32Array, label: number): number {
  const top = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - top), 0);
  return Math.log(sum) + top - scores[label]!;
}

/**
 * The mean loss of answers: cross-entropy, or squared error in standard deviations; undefined without rows.
 */
export function meanLoss(
  answers: Float32Array,
  { sequences, labels }: LabelledRows,
  task: LabelTask,
  scale: TargetScale | undefined,
): number | undefined {
  const N = sequences.length;
  if (N === 0) return undefined;
  const K = task.count;
  let sum = 0;
  if (scale === undefined) {
    for (let n = 0; n < N; n++)
      sum += crossEntropy(answers.subarray(n * K, (n + 1) * K), labels[n]!);
    return sum / N;
  }
  answers.forEach((value, n) => (sum += ((value - labels[n]!) / scale.deviations[n % K]!) ** 2));
  return sum / (N * K);
}
