import type { PretrainConfig } from "../../train/config";

/** A rung of the ladder. */
export interface ModelSize {
  readonly layers: number;
  readonly width: number;
}

/** From well under the preset tiny (2 × 64) over small (4 × 128) to the papers' base (12 × 768). */
export const LADDER: readonly ModelSize[] = [
  { layers: 1, width: 16 },
  { layers: 1, width: 32 },
  { layers: 2, width: 64 },
  { layers: 3, width: 96 },
  { layers: 4, width: 128 },
  { layers: 6, width: 192 },
  { layers: 8, width: 256 },
  { layers: 10, width: 512 },
  { layers: 12, width: 768 },
];

/** The last rung of a queue that has no clock: the preset small. */
export const LAST_WITHOUT_CLOCK = "4 × 128";

/** Steps of a run below which a clock leaves a larger model out. */
export const LADDER_STEPS = 100;

/** "2 × 64". */
export const sizeName = ({ layers, width }: ModelSize): string => `${layers} × ${width}`;

/** Widths of a head in the presets: 32 in tiny and small, 64 in base. */
function headsOf(width: number): number {
  const most = Math.max(1, Math.floor(width / (width > 256 ? 64 : 32)));
  for (let heads = most; ; heads--) if (width % heads === 0) return heads;
}

/** What a size makes of the shared configuration. */
export function atSize(
  { layers, width }: ModelSize,
  base: PretrainConfig,
): Pick<PretrainConfig, "layers" | "width" | "heads" | "innerWidth" | "learningRate"> {
  const learningRate = base.learningRate * Math.sqrt(base.width / width);
  return { layers, width, heads: headsOf(width), innerWidth: 4 * width, learningRate };
}
