import type { PretrainConfig } from "./config";

/**
 * The learning rate at a share of the run from 0 to 1: a linear rise over the warm-up, then down to 0 in a
 * straight line or half a cosine, or constant.
 */
export function learningRateAt(
  progress: number,
  { learningRate, warmup, schedule }: Pick<PretrainConfig, "learningRate" | "warmup" | "schedule">,
): number {
  if (progress < warmup) return (learningRate * progress) / warmup;
  const left = (1 - Math.min(progress, 1)) / (1 - warmup);
  switch (schedule) {
    case "linear":
      return learningRate * left;
    case "cosine":
      return learningRate * (0.5 - 0.5 * Math.cos(Math.PI * left));
    case "constant":
      return learningRate;
    default:
      return schedule satisfies never;
  }
}
