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

/** How targets were standardised: the training rows' means and standard deviations, [D] each. */
export interface TargetScale {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** A BERT that answers a task: Hugging Face's BertForSequenceClassification. */
export interface LabelModel {
  readonly config: BertConfig;
  readonly task: LabelTask;
  /** Undefined for classes. */
  readonly scale: TargetScale | undefined;
  /** By the names of Hugging Face, as `encoderShapes` and `labelHeadShapes` list them. */
  readonly tensors: HostTensors;
}
