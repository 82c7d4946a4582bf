import { FootfallError } from "../../errors";
import { SHAPE_BOUNDS } from "../../train/bounds";
import { TOKENISER_CHOICES, type TokeniserChoice } from "../make-tokeniser";
import type { ModelSize } from "./sizes";
import { SWEEP_WORDS, type SweepOver } from "./words";

/** The values of a sweep that somebody gave; undefined for the usual ones. */
export type SweepValues =
  | { readonly over: "resolution" | "mask-ratio" | "data"; readonly values?: number[] | undefined }
  | { readonly over: "tokeniser"; readonly values?: TokeniserChoice[] | undefined }
  | { readonly over: "size"; readonly values?: ModelSize[] | undefined };

/** More settings than this are no sweep that ends. */
const MOST_VALUES = 20;

function whole(text: string, [from, to]: readonly [number, number, boolean]): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= from && value <= to ? value : undefined;
}

/** "15", "15 %" and "15%" as 0.15. */
function share(text: string): number | undefined {
  const value = Number(text.replace(/\s*%$/, ""));
  return value > 0 && value <= 100 ? value / 100 : undefined;
}

/** "2x64", "2 × 64". */
function size(text: string): ModelSize | undefined {
  const parts = text.split(/\s*[x×]\s*/);
  const [layers, width] = [
    whole(parts[0] ?? "", SHAPE_BOUNDS.layers),
    whole(parts[1] ?? "", SHAPE_BOUNDS.width),
  ];
  return parts.length === 2 && layers && width ? { layers, width } : undefined;
}

const choice = (text: string): TokeniserChoice | undefined =>
  TOKENISER_CHOICES.find((one) => one === text);

function readList<T>(
  over: SweepOver,
  text: string,
  read: (part: string) => T | undefined,
): T[] | undefined {
  const parts = text.split(",").flatMap((part) => part.trim() || []);
  if (parts.length === 0) return undefined;
  const found = parts.map((part) => {
    const value = read(part);
    if (value !== undefined) return value;
    throw new FootfallError(
      "bad-input",
      `${part} is no value of a sweep over ${over}; expected ${SWEEP_WORDS[over].values}`,
    );
  });
  const distinct = new Set(found.map((value) => JSON.stringify(value))).size;
  if (distinct === found.length && found.length <= MOST_VALUES) return found;
  throw new FootfallError(
    "bad-input",
    `a sweep takes at most ${MOST_VALUES} different values, each once, got ${text}`,
  );
}

/** The values in a text with commas. Throws "bad-input" for what is none. */
export function readValues(over: SweepOver, text: string): SweepValues {
  switch (over) {
    case "resolution":
      return { over, values: readList(over, text, (part) => whole(part, [0, 15, true])) };
    case "mask-ratio":
    case "data":
      return { over, values: readList(over, text, share) };
    case "tokeniser":
      return { over, values: readList(over, text, choice) };
    case "size":
      return { over, values: readList(over, text, size) };
    default:
      return over satisfies never;
  }
}
