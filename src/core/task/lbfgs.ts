/** A smooth function: fills `gradient` at `point` and gives the value. */
export type Smooth = (point: Float64Array, gradient: Float64Array) => number;

/** One accepted step of the descent. */
export interface Descent {
  readonly step: number;
  readonly value: number;
  /** Largest entry of the gradient, by size. */
  readonly slope: number;
}

/** Remembered steps; Nocedal and Wright recommend 3 to 20. */
const MEMORY = 10;
/** Share of the promised descent that a step must bring (Armijo). */
const SUFFICIENT = 1e-4;
const MAX_HALVINGS = 40;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const largest = (a: Float64Array): number => {
  let max = 0;
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i]!));
  return max;
};

interface Pair {
  readonly s: Float64Array; // change of the point
  readonly y: Float64Array; // change of the gradient
  readonly rho: number; // 1 / (s . y)
}

/** Two-loop recursion (Nocedal and Wright 2006, algorithm 7.4): minus the inverse Hessian times the gradient. */
function findDirection(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * dot(s, direction);
    alphas.push(alpha);
    for (let i = 0; i < direction.length; i++) direction[i]! -= alpha * y[i]!;
  }
  const last = pairs.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1 / Math.max(1, largest(gradient));
  for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  for (const { s, y, rho } of pairs) {
    const change = alphas.pop()! - rho * dot(y, direction);
    for (let i = 0; i < direction.length; i++) direction[i]! += change * s[i]!;
  }
  return direction;
}

/**
 * Minimises a convex function by L-BFGS with backtracking, from `point` and in place. Yields after every
 * step; ends when no entry of the gradient exceeds `tolerance`, when no step helps, or after `maxSteps`.
 */
export function* minimise(
  smooth: Smooth,
  point: Float64Array,
  { tolerance, maxSteps }: { tolerance: number; maxSteps: number },
): Generator<Descent, void> {
  const pairs: Pair[] = [];
  let gradient = new Float64Array(point.length);
  let value = smooth(point, gradient);
  for (let step = 1; step <= maxSteps && largest(gradient) > tolerance; step++) {
    const direction = findDirection(gradient, pairs);
    const found = search(smooth, { point, value, direction, slope: dot(gradient, direction) });
    if (!found) return;
    const s = found.point.map((p, i) => p - point[i]!);
    const y = found.gradient.map((g, i) => g - gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 0) pairs.push({ s, y, rho: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    point.set(found.point);
    gradient = found.gradient;
    value = found.value;
    yield { step, value, slope: largest(gradient) };
  }
}

/** The first of the lengths 1, 1/2, 1/4 ... that brings enough descent. */
function search(
  smooth: Smooth,
  from: { point: Float64Array; value: number; direction: Float64Array; slope: number },
): { point: Float64Array; gradient: Float64Array<ArrayBuffer>; value: number } | undefined {
  const gradient = new Float64Array(from.point.length);
  for (let halvings = 0, length = 1; halvings < MAX_HALVINGS; halvings++, length /= 2) {
    const point = from.point.map((p, i) => p + length * from.direction[i]!);
    const value = smooth(point, gradient);
    if (value <= from.value + SUFFICIENT * length * from.slope) return { point, gradient, value };
  }
  return undefined;
}
