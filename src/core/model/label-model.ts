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

/** All that a head can look at. */
export const POOLINGS = ["cls", "mean", "pair"] as const;

/**
 * What of the last layer the head looks at: the state of [CLS], as Hugging Face's BertForSequenceClassification; the
 * mean over a row's own pieces; or, where the row is a pair, the means u and v of its parts, each read alone, and
 * |u - v|, without a pooler (Sentence-BERT; Reimers & Gurevych 2019, section 3). Masked pre-training asks nothing of
 * [CLS] (paper 1 has no next-sentence task), so that it must first learn to look at the pieces, which know the place
 * already; read side by side, two parts colour each other, and what differs between them is lost
 * (docs/decisions/015).
 */
export type Pooling = (typeof POOLINGS)[number];

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
