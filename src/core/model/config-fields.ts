import { FootfallError } from "../errors";

/** `config.json` as written: every key may be missing. */
export type ConfigJson = Readonly<Record<string, unknown>>;

/** The error for a value that the configuration cannot have. */
export function mismatch(sentence: string): FootfallError {
  return new FootfallError("weights-mismatch", `config.json: ${sentence}`);
}

/** A whole number above 0. Throws "weights-mismatch". */
export function readCount(json: ConfigJson, key: string, otherwise?: number): number {
  const value = json[key] ?? otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw mismatch(`"${key}" must be a whole number above 0, found ${JSON.stringify(json[key])}`);
}

/** A number above 0. Throws "weights-mismatch". */
export function readNumber(json: ConfigJson, key: string, otherwise: number): number {
  const value = json[key] ?? otherwise;
  if (typeof value === "number" && value > 0) return value;
  throw mismatch(`"${key}" must be a number above 0, found ${JSON.stringify(value)}`);
}

/** A number from 0 to below 1. Throws "weights-mismatch". */
export function readShare(json: ConfigJson, key: string, otherwise: number): number {
  const value = json[key] ?? otherwise;
  if (typeof value === "number" && value >= 0 && value < 1) return value;
  throw mismatch(`"${key}" must be a number from 0 to below 1, found ${JSON.stringify(value)}`);
}

/** One of some words, the first by default. Throws "weights-mismatch". */
export function readChoice<T extends string>(
  json: ConfigJson,
  key: string,
  choices: readonly [T, ...T[]],
): T {
  const value = json[key] ?? choices[0];
  const choice = choices.find((known) => known === value);
  if (choice !== undefined) return choice;
  throw mismatch(`"${key}" is ${JSON.stringify(value)}, expected ${choices.join(" or ")}`);
}

/** An object, empty for anything else. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Throws "weights-mismatch" where heads cannot share a width. */
export function checkHeads({ width, headCount }: { width: number; headCount: number }): void {
  if (width % headCount === 0) return;
  throw mismatch(`${width} hidden values cannot be shared by ${headCount} attention heads`);
}
