import type * as tf from "@tensorflow/tfjs-core";
import type { RowShader } from "./rows.wgsl";
import { rowGroups } from "./rows.wgsl";
import type { GpuCall } from "./shader";

/** Runs a shader over rows in the way that the adapter does it faster. */
export function runRows(
  { run, traits }: GpuCall,
  shaders: RowShader,
  buffers: Readonly<Record<string, tf.TensorInfo>>,
  numbers: Readonly<Record<string, number>> & { readonly rows: number },
  count = numbers.rows,
): void {
  const isAlone = traits.isSoftware;
  run(isAlone ? shaders.alone : shaders.shared, buffers, numbers, rowGroups(count, isAlone));
}
