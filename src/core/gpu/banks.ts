import * as tf from "@tensorflow/tfjs-core";

/** One tensor's place in the flat parameters, and in everything that is laid out like them. */
export interface Part {
  readonly start: number;
  readonly shape: readonly number[];
}

/** Number of values of a part. */
export function sizeOfPart({ shape }: Part): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** A stretch of the flat parameters that lies in one bank; one that is too long for any is cut behind each `step`. */
export interface Span {
  readonly size: number;
  readonly step: number;
}

/**
 * The flat parameters of a model [P] on the current engine, or what is laid out like them: one tensor, or where no
 * buffer takes as much, several, one behind the other. Each is a bank.
 */
export interface Banks {
  /** Where each bank begins in the flat parameters. */
  readonly starts: readonly number[];
  readonly tensors: tf.Tensor1D[];
}

const FLOAT_BYTES = 4;
const limits = new WeakMap<tf.KernelBackend, number>();

/** Says how many bytes one tensor may have on the engine that is open; of which nothing is said has no limit. */
export function limitTensors(bytes: number): void {
  limits.set(tf.backend(), bytes);
}

/** Values that one tensor may have on the engine that is open. */
export function tensorLimit(): number {
  return Math.floor((limits.get(tf.backend()) ?? Infinity) / FLOAT_BYTES);
}

/** Where the banks of some spans begin, one behind the other, of at most so many values each. */
export function cutBanks(spans: readonly Span[], most: number): number[] {
  const starts = [0];
  let end = 0;
  for (const { size, step } of spans) {
    const from = starts.at(-1)!;
    if (end + size - from > most) {
      if (end > from) starts.push(end);
      const each = Math.max(step, most - (most % step));
      for (let at = end + each; at < end + size; at += each) starts.push(at);
    }
    end += size;
  }
  return starts;
}

/** A flat tensor that is one bank. */
export function oneBank(tensor: tf.Tensor1D): Banks {
  return { starts: [0], tensors: [tensor] };
}

/** Puts flat values on the current engine, cut where its buffers ask for it; the caller disposes. */
export function uploadBanks(values: Float32Array, spans: readonly Span[]): Banks {
  const starts = cutBanks(spans, tensorLimit());
  const tensors = starts.map((start, n) => tf.tensor1d(values.subarray(start, starts[n + 1])));
  return { starts, tensors };
}

/** Frees the tensors. */
export function disposeBanks({ tensors }: Banks): void {
  tf.dispose(tensors);
}

/** A copy of all values, [P]. */
export async function readBanks({ starts, tensors }: Banks): Promise<Float32Array> {
  const read = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
  const values = new Float32Array(starts.at(-1)! + read.at(-1)!.length);
  read.forEach((bank, n) => values.set(bank, starts[n]));
  return values;
}

/** The bank in which a part begins, by its number. */
function bankOf({ starts }: Banks, { start }: Part): number {
  return starts.findLastIndex((begin) => begin <= start);
}

/** The bank in which a part lies whole, and where it begins there. */
export function findPart(banks: Banks, part: Part): { bank: tf.Tensor1D; start: number } {
  const n = bankOf(banks, part);
  return { bank: banks.tensors[n]!, start: part.start - banks.starts[n]! };
}

/** The rows of a table by the banks that they lie in; one that lies in one bank as it is. */
export function cutPart({ starts }: Pick<Banks, "starts">, part: Part): Part[] {
  const [first, end] = [part.start, part.start + sizeOfPart(part)];
  const inner = starts.filter((start) => start > first && start < end);
  if (inner.length === 0) return [part];
  const row = sizeOfPart(part) / part.shape[0]!;
  const bounds = [first, ...inner, end];
  return bounds.slice(0, -1).map((start, n) => {
    const rows = (bounds[n + 1]! - start) / row;
    return { start, shape: [rows, ...part.shape.slice(1)] };
  });
}

/** A part as a tensor of its own shape; the caller disposes. */
export function readPart<T extends tf.Tensor = tf.Tensor2D>(banks: Banks, part: Part): T {
  const { bank, start } = findPart(banks, part);
  return tf.tidy(() => {
    const values = tf.slice(bank, [start], [sizeOfPart(part)]);
    return tf.reshape(values, [...part.shape]) as T;
  });
}
