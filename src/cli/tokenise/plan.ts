import { ROLES, type Role } from "../../core/data/columns";
import { parseTimeText } from "../../core/data/times";
import { FootfallError } from "../../core/errors";
import { DEFAULT_SEED } from "../../core/random";
import type { CommandInput } from "../command";
import { choiceOf, numberOf, requiredText, textOf } from "../values";
import { readTokeniserSpec, type TokeniserSpec } from "./tokeniser-choice";

/** The options, read and checked. */
export interface TokenisePlan {
  out: string;
  resolution: number;
  windowMin: number;
  minCheckIns: number;
  minCells: number;
  utcOffset: number | undefined;
  split: "user" | "trajectory";
  seed: number;
  tokeniser: TokeniserSpec;
  keepUsers: string | undefined;
}

/** Reads all options of `tokenise`. Throws "bad-input". */
export function readPlan(values: CommandInput["values"]): TokenisePlan {
  return {
    out: requiredText(values, "out", "the folder to write"),
    resolution: numberOf(values, "resolution", { from: 0, to: 12 }) ?? 8,
    windowMin: numberOf(values, "window-min", { from: 0, to: 1440, whole: false }) ?? 10,
    minCheckIns: numberOf(values, "min-check-ins", { from: 1, to: 1e6 }) ?? 10,
    minCells: numberOf(values, "min-cells", { from: 1, to: 1e6 }) ?? 3,
    utcOffset: numberOf(values, "utc-offset", { from: -12, to: 14, whole: false }),
    split: choiceOf(values, "split", ["user", "trajectory"]) ?? "user",
    seed: numberOf(values, "seed", { from: 0, to: 2 ** 32 - 1 }) ?? DEFAULT_SEED,
    tokeniser: readTokeniserSpec(values),
    keepUsers: textOf(values, "keep-users"),
  };
}

/** "user=who,lat=y" as the names of columns. */
export function readColumns(text: string | undefined): Partial<Record<Role, string>> {
  const columns: Partial<Record<Role, string>> = {};
  for (const part of text?.split(",") ?? []) {
    const [role, name] = part.split("=", 2);
    const known = ROLES.find((candidate) => candidate === role?.trim());
    if (!known || !name) {
      throw new FootfallError(
        "bad-input",
        `--columns ${text}: expected ${ROLES.map((r) => `${r}=NAME`).join(",")}, or some of these`,
      );
    }
    columns[known] = name.trim();
  }
  return columns;
}

/** A time as milliseconds since 1970. */
export function readOrigin(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeMs = parseTimeText(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new FootfallError(
    "bad-input",
    `--time-origin ${text}: expected ISO 8601, such as 2012-04-03`,
  );
}
