import { FootfallError } from "../core/errors";
import type { CommandInput, CommandOption } from "./command";

type Values = CommandInput["values"];

/** A text option, or undefined. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** A text option that must be there. Throws "bad-input". */
export function requiredText(values: Values, name: string, what: string): string {
  const text = textOf(values, name);
  if (text !== undefined && text !== "") return text;
  throw new FootfallError("bad-input", `--${name} is missing; expected ${what}`);
}

/** A number between two bounds, or undefined where the option is not given. Throws "bad-input". */
export function numberOf(
  values: Values,
  name: string,
  { from, to, whole = true }: { from: number; to: number; whole?: boolean },
): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? "a whole number" : "a number";
  throw new FootfallError("bad-input", `--${name} ${text}: expected ${kind} from ${from} to ${to}`);
}

/** One of a list of words, or undefined. Throws "bad-input" with the list. */
export function choiceOf<const T extends string>(
  values: Values,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new FootfallError("bad-input", `--${name} ${text}: expected ${choices.join(", ")}`);
}

/** Some of a list of words, or undefined where the option is not given. Throws "bad-input" with the list. */
export function listOf<const T extends string>(
  values: Values,
  name: string,
  choices: readonly T[],
): T[] | undefined {
  return textOf(values, name)
    ?.split(",")
    .map((one) => {
      const known = choices.find((choice) => choice === one.trim());
      if (known !== undefined) return known;
      throw new FootfallError("bad-input", `--${name} ${one}: expected ${choices.join(", ")}`);
    });
}

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, CommandOption>> = {
  json: { type: "boolean", help: "print one JSON document on stdout" },
  help: { type: "boolean", help: "print this" },
};
