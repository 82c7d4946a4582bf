import { FootfallError } from "../errors";

/** Bounds of a number, both included, and whether it is whole. */
export type Bound = readonly [from: number, to: number, isWhole: boolean];

/** Throws "bad-input" for a value of a configuration outside its bounds. */
export function checkBounds<Name extends string>(
  config: Readonly<Record<Name, unknown>>,
  bounds: Readonly<Partial<Record<Name, Bound>>>,
): void {
  for (const [name, bound] of Object.entries(bounds)) {
    const [from, to, isWhole] = bound as Bound;
    const value = config[name as Name] as number;
    if (value >= from && value <= to && (!isWhole || Number.isInteger(value))) continue;
    const kind = isWhole ? "a whole number" : "a number";
    throw new FootfallError(
      "bad-input",
      `${name} is ${value}; expected ${kind} from ${from} to ${to}`,
    );
  }
}

/** Bounds of what every recipe has. */
export const RECIPE_BOUNDS = {
  epochs: [0, 1e6, false],
  learningRate: [0, 1, false],
  warmup: [0, 0.9, false],
  weightDecay: [0, 10, false],
  beta1: [0, 0.9999, false],
  beta2: [0, 0.999999, false],
  epsilon: [1e-12, 1, false],
  clip: [0, 1e6, false],
  batch: [1, 65_536, true],
  seed: [0, 2 ** 32 - 1, true],
} as const satisfies Readonly<Record<string, Bound>>;

/** Bounds of what every model that is pre-trained has, and of its passes. */
export const SHAPE_BOUNDS = {
  layers: [1, 96, true],
  width: [4, 8192, true],
  heads: [1, 128, true],
  accumulation: [1, 4096, true],
} as const satisfies Readonly<Record<string, Bound>>;

/** Throws "bad-input" where heads cannot share a width. */
export function checkSharing({ width, heads }: { width: number; heads: number }): void {
  if (width % heads === 0) return;
  throw new FootfallError(
    "bad-input",
    `a width of ${width} cannot be shared by ${heads} heads; expected a multiple of ${heads}`,
  );
}
