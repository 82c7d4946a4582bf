import { FootfallError } from "../../errors";
import { hashToHi, hashToLo } from "../../geo/cells";
import { piecesEnd } from "../../token/extras";
import { SPECIAL_TOKENS, type Tokeniser } from "../../token/tokeniser";

/** A digits tokeniser as the kernel takes it. */
export interface PieceTables {
  /** Parents (three words each, by index), groups (three words each), tokens of the groups. */
  words: Uint32Array;
  parents: number;
  parentResolution: number;
  /** Of a cell: its parent and each group of digits. */
  pieces: number;
}

interface Parent {
  hi: number;
  lo: number;
  id: number;
}

function readParents(vocabulary: readonly string[]): Parent[] {
  const parents = vocabulary.flatMap((text, id) => {
    const isParent = id >= SPECIAL_TOKENS.length && !text.includes("/");
    return isParent ? [{ hi: hashToHi(text), lo: hashToLo(text), id }] : [];
  });
  return parents.sort((a, b) => a.hi - b.hi || a.lo - b.lo);
}

/** Tokens of the groups by first level and code: "6/246" is code 246 (base 7) of level 6. */
function readGroups(vocabulary: readonly string[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  vocabulary.forEach((text, id) => {
    const [level, digits] = text.split("/");
    if (digits === undefined) return;
    const tokens = groups.get(Number(level)) ?? [];
    tokens[Number.parseInt(digits, 7)] = id;
    groups.set(Number(level), tokens);
  });
  return groups;
}

/** Reads a digits tokeniser's vocabulary into tables. Throws "bad-input" for another kind. */
export function createPieceTables(tokeniser: Tokeniser): PieceTables {
  const { rule } = tokeniser;
  if (rule.kind !== "digits") {
    throw new FootfallError(
      "bad-input",
      `the graphics card writes the pieces of digits tokenisers alone, not of ${rule.kind}`,
    );
  }
  const vocabulary = tokeniser.vocabulary.slice(0, piecesEnd(tokeniser));
  const parents = readParents(vocabulary);
  const tokensOf = readGroups(vocabulary);
  const words = parents.flatMap(({ hi, lo, id }) => [hi, lo, id]);
  let level = rule.parents + 1;
  let at = words.length + 3 * rule.groups.length;
  const tokens: number[] = [];
  for (const digits of rule.groups) {
    words.push(level, digits, at);
    const group = tokensOf.get(level)!;
    tokens.push(...group);
    at += group.length;
    level += digits;
  }
  return {
    words: Uint32Array.from([...words, ...tokens]),
    parents: parents.length,
    parentResolution: rule.parents,
    pieces: 1 + rule.groups.length,
  };
}
