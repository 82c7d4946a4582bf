import type { BertConfig } from "./config";
import type { HostTensors } from "./safetensors";

/** What is asked of each row: which of K classes, or D numbers. */
export interface LabelTask {
  readonly kind: "classes" | "targets";
  /** K or D. */
  readonly count: number;
  /** Names of the classes or targets. */
  readonly names?: readonly string[] | undefined;
}

/**
 * What of the last layer the head looks at: the state of [CLS], as Hugging Face's BertForSequenceClassification, or the
 * mean over a row's own pieces. Masked pre-training asks nothing of [CLS] (paper 1 has no next-sentence task), so that
 * it must first learn to look at the pieces, which know the place already.
 */
export type Pooling = "cls" | "mean";

/** How targets were standardised: the training rows' means and standard deviations, [D] each. */
export interface TargetScale {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** A BERT that answers a task: Hugging Face's BertForSequenceClassification where `pooling` is "cls". */
export interface LabelModel {
  readonly config: BertConfig;
  readonly task: LabelTask;
  readonly pooling: Pooling;
  /** Undefined for classes. */
  readonly scale: TargetScale | undefined;
  /** By the names of Hugging Face, as `encoderShapes` and `labelHeadShapes` list them. */
  readonly tensors: HostTensors;
}
