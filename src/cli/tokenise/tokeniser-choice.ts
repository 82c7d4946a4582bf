import { FootfallError } from "../../core/errors";
import type { CellTable } from "../../core/geo/cells";
import { createDigits } from "../../core/token/digits";
import { MAX_USER_TOKENS, NO_EXTRAS, withExtras, type ExtraChoice } from "../../core/token/extras";
import { createFlat } from "../../core/token/flat";
import type { Progress } from "../../core/pace";
import type { Tokeniser } from "../../core/token/tokeniser";
import { trainWordpiece } from "../../core/token/wordpiece";
import type { CommandInput } from "../command";
import { numberOf, textOf } from "../values";

/** What --tokeniser, --user-tokens and --time-tokens ask for. */
export type TokeniserSpec = PieceSpec & { readonly extras?: ExtraChoice };

type PieceSpec =
  | { kind: "digits"; parents: number; groups: number[] | undefined }
  | { kind: "wordpiece"; vocabularySize: number }
  | { kind: "flat" };

/** The pieces, and the tokens behind them where there are any. Throws "bad-input". */
export function readTokeniserSpec(values: CommandInput["values"]): TokeniserSpec {
  const users = numberOf(values, "user-tokens", { from: 0, to: MAX_USER_TOKENS }) ?? 0;
  const times = values["time-tokens"] === true ? "week" : "none";
  const spec = readPieceSpec(values);
  return users === 0 && times === "none" ? spec : { ...spec, extras: { users, times } };
}

/** "digits", "digits:5|3", "digits:4|2|2", "wordpiece" or "flat". Throws "bad-input". */
function readPieceSpec(values: CommandInput["values"]): PieceSpec {
  const text = textOf(values, "tokeniser") ?? "digits";
  const vocabularySize = numberOf(values, "vocabulary", { from: 64, to: 1_000_000 }) ?? 30_000;
  if (text === "wordpiece") return { kind: "wordpiece", vocabularySize };
  if (text === "flat") return { kind: "flat" };
  const match = /^digits(?::(\d+)((?:\|\d+)*))?$/.exec(text);
  if (!match) {
    throw new FootfallError(
      "bad-input",
      `--tokeniser ${text}: expected digits, digits:PARENT|GROUP|... such as "digits:4|2|2", wordpiece or flat`,
    );
  }
  const groups = match[2]?.split("|").filter(Boolean).map(Number);
  const isGiven = match[1] !== undefined && groups !== undefined && groups.length > 0;
  return { kind: "digits", parents: Number(match[1] ?? 5), groups: isGiven ? groups : undefined };
}

/** The tokeniser for these cells; `counts` are the visits that word pieces are learnt from. */
export async function* createTokeniser(
  spec: TokeniserSpec,
  cells: CellTable,
  counts: ArrayLike<number> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokeniser, void> {
  const base = yield* createPieces(spec, cells, counts, signal);
  return withExtras(base, spec.extras ?? NO_EXTRAS);
}

async function* createPieces(
  spec: PieceSpec,
  cells: CellTable,
  counts: ArrayLike<number> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Progress, Tokeniser, void> {
  switch (spec.kind) {
    case "digits": {
      const { parents, groups } = spec;
      return createDigits({ parents, ...(groups ? { groups } : {}) }, cells);
    }
    case "flat":
      return createFlat(cells);
    case "wordpiece": {
      const { vocabularySize } = spec;
      const options = { vocabularySize, signal, ...(counts ? { counts } : {}) };
      return yield* trainWordpiece(cells, options);
    }
    default:
      throw spec satisfies never;
  }
}
