import type { AdamwConstants } from "./adamw";

/** What PyTorch computed (test/reference/make_training_reference.py); tensors by name, float32 in base64. */
export interface TrainingReference {
  readonly model: string;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, string>>;
  readonly adamw?: AdamwConstants & { learningRate: number; clip: number };
  readonly losses?: number[];
  readonly norms?: number[];
  readonly parameters?: Readonly<Record<string, string>>;
}

interface Glob {
  glob<T>(pattern: string, options: Record<string, unknown>): Record<string, T>;
}

const references = (import.meta as unknown as Glob).glob<TrainingReference>(
  "../../../test/reference/training-*.json",
  { eager: true, import: "default" },
);

/** All stored trainings. */
export const TRAINING_REFERENCES: readonly TrainingReference[] = Object.values(references);

export function decodeFloats(base64: string): Float32Array {
  const text = atob(base64);
  return new Float32Array(Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer);
}
