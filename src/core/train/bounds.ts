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
