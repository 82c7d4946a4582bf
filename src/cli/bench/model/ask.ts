/** Layers and width of a model, rows and tokens of its batch. */
export interface ModelSize {
  readonly layers: number;
  readonly width: number;
  readonly B: number;
  readonly T: number;
}

/** The whole forward pass to all logits, read back; or one training step. */
export type ModelTask = "forward" | "step";
export type ModelProgram = "footfall" | "plain" | "jax" | "onnx";
export type ModelBackend = "webgpu" | "wasm";

/** What a page is asked to open; plain JSON. */
export interface ModelAsk extends ModelSize {
  readonly task: ModelTask;
  readonly program: ModelProgram;
  readonly backend: ModelBackend;
  /** Of Footfall on wasm; default what the page takes by itself. */
  readonly threads?: number | undefined;
}

/** What a page says of a program's first run. */
export interface ModelOpened {
  readonly description: string;
  /** Of its first run; undefined where it runs on the processor. */
  readonly dispatches: number | undefined;
  /** Some of the logits; or the loss and the norm of all gradients. */
  readonly check: readonly number[];
}

/** The vocabulary of the shipped model. */
export const V = 2565;

/** The share of the places that is masked. */
export const MASKED_SHARE = 0.2;

export const sizeName = ({ layers, width, B, T }: ModelSize): string =>
  `${layers} x ${width}, ${B} x ${T} tokens`;

/** Multiplications and additions of one run. */
export function countOperations({ layers, width: C, B, T }: ModelSize, task: ModelTask): number {
  const N = B * T;
  const perToken = layers * (12 * C * C + 2 * T * C);
  const scored = task === "forward" ? N : MASKED_SHARE * N;
  const forward = 2 * (N * perToken + scored * (V * C + C * C));
  return task === "forward" ? forward : 3 * forward;
}

/** One kernel alone. */
export interface KernelTime {
  readonly name: string;
  readonly seconds: number;
  /** Multiplications and additions, of those that do many; 0 for kernels that move values. */
  readonly operations: number;
  /** Read and written, each value once. */
  readonly bytes: number;
}

/** Kernels, and what shaders that do nothing else reach on the same device. */
export interface KernelNumbers {
  readonly adapter: string;
  /** Multiplications and additions a second in registers. */
  readonly operationRate: number;
  /** Bytes a second read and written by a copy. */
  readonly byteRate: number;
  readonly kernels: readonly KernelTime[];
}
