import { isValidCell } from "h3-js";
import { FootfallError } from "../errors";
import {
  cellDescendant,
  cellDigit,
  cellHash,
  cellParent,
  cellResolution,
  halvesToHash,
  hashToHi,
  hashToLo,
  parentTable,
  CellTableBuilder,
  type CellId,
  type CellTable,
} from "../geo/cells";
import { toTokeniserDocument } from "./hugging-face";
import {
  createTokenColumn,
  indexVocabulary,
  SPECIAL_TOKENS,
  UNK,
  type CellPieces,
  type Tokeniser,
  type TokeniserRule,
} from "./tokeniser";

export interface DigitsOptions {
  /** Resolution of the cells; default that of the table. */
  resolution?: number;
  /** Resolution of the first piece, the coarse parent; default 5. */
  parents?: number;
  /** Digits in each further piece, coarse to fine; default all the remaining ones in one piece. */
  groups?: readonly number[];
}

/** `DigitsOptions` with everything filled in. */
export interface DigitsRule {
  resolution: number;
  parents: number;
  groups: number[];
}

function toRule(options: DigitsOptions, tableResolution: number): DigitsRule {
  const { resolution = tableResolution, parents = 5 } = options;
  const groups = [...(options.groups ?? (resolution > parents ? [resolution - parents] : []))];
  const digits = groups.reduce((sum, group) => sum + group, 0);
  const isWhole = groups.every((group) => Number.isInteger(group) && group >= 1 && group <= 5);
  if (!isWhole || parents + digits !== resolution) {
    throw new FootfallError(
      "bad-input",
      `digits from resolution ${parents} with groups ${groups.join("|")} do not end at resolution ${resolution}; the groups (1 to 5 digits each) must sum to ${resolution - parents}`,
    );
  }
  return { resolution, parents, groups };
}

/** First level of each group: 6 for three digits below resolution 5. */
function firstLevels({ parents, groups }: DigitsRule): number[] {
  let level = parents + 1;
  return groups.map((group) => (level += group) - group);
}

/** The texts of one group: "6/246" = digits 2, 4, 6 from level 6 on. */
function groupTexts(level: number, digits: number): string[] {
  return Array.from(
    { length: 7 ** digits },
    (_, code) => `${level}/${code.toString(7).padStart(digits, "0")}`,
  );
}

class Digits implements Tokeniser {
  readonly kind = "digits";
  readonly vocabulary: readonly string[];
  readonly #rule: DigitsRule;
  readonly #levels: number[];
  readonly #parents: CellTableBuilder;
  readonly #parentToken: Uint32Array;
  readonly #groupToken: Uint32Array[]; // [group][code]
  readonly #meaning = new Map<number, { group: number; code: number }>();

  constructor(rule: DigitsRule, vocabulary: readonly string[]) {
    const ids = indexVocabulary(vocabulary);
    this.vocabulary = vocabulary;
    this.#rule = rule;
    this.#levels = firstLevels(rule);
    this.#parents = new CellTableBuilder(rule.parents);
    const parentTokens = vocabulary.flatMap((text, id) =>
      id >= SPECIAL_TOKENS.length && !text.includes("/") ? [id] : [],
    );
    this.#parentToken = Uint32Array.from(parentTokens);
    parentTokens.forEach((id, code) => {
      this.#parents.add(vocabulary[id]!);
      this.#meaning.set(id, { group: -1, code });
    });
    this.#groupToken = rule.groups.map((digits, group) =>
      Uint32Array.from(groupTexts(this.#levels[group]!, digits), (text, code) => {
        const id = ids.get(text);
        if (id === undefined) throw new FootfallError("bad-file", `the vocabulary lacks "${text}"`);
        this.#meaning.set(id, { group, code });
        return id;
      }),
    );
  }

  get rule(): TokeniserRule {
    return { kind: "digits", ...this.#rule };
  }

  get resolution(): number {
    return this.#rule.resolution;
  }

  get vocabularySize(): number {
    return this.vocabulary.length;
  }

  textOf(id: number): string | undefined {
    return this.vocabulary[id];
  }

  encodeCells(table: CellTable): CellPieces {
    const N = table.hi.length;
    const k = 1 + this.#rule.groups.length;
    const tokens = createTokenColumn(this.vocabulary.length, N * k);
    for (let n = 0; n < N; n++) this.#encode(table.hi[n]!, table.lo[n]!, tokens, n * k);
    return { offsets: Uint32Array.from({ length: N + 1 }, (_, n) => n * k), tokens };
  }

  #encode(hi: number, lo: number, tokens: { [at: number]: number }, at: number): void {
    const { parents, groups } = this.#rule;
    const parent = this.#parents.find(...cellParent(hi, lo, parents));
    tokens[at] = parent < 0 ? UNK : this.#parentToken[parent]!;
    for (let group = 0; group < groups.length; group++) {
      let code = 0;
      for (let i = 0; i < groups[group]!; i++) {
        code = code * 7 + cellDigit(hi, lo, this.#levels[group]! + i);
      }
      tokens[at + 1 + group] = parent < 0 ? UNK : this.#groupToken[group]![code]!;
    }
  }

  decode(pieces: ArrayLike<number>): CellId | undefined {
    const { groups } = this.#rule;
    const parent = this.#meaning.get(pieces[0] ?? -1);
    if (pieces.length !== 1 + groups.length || parent?.group !== -1) return undefined;
    const digits: number[] = [];
    for (let group = 0; group < groups.length; group++) {
      const meaning = this.#meaning.get(pieces[1 + group]!);
      if (meaning?.group !== group) return undefined;
      const text = meaning.code.toString(7).padStart(groups[group]!, "0");
      digits.push(...Array.from(text, Number));
    }
    const hash = this.vocabulary[pieces[0]!]!;
    const cell = halvesToHash(...cellDescendant(hashToHi(hash), hashToLo(hash), digits));
    return isValidCell(cell) ? cell : undefined; // a pentagon has no children of digit 1
  }

  toJson() {
    return toTokeniserDocument(this.vocabulary);
  }
}

/**
 * A coarse parent and then the child digits in groups: [882e601a5dfffff] = [852e601bfffffff] + [6/...].
 * The vocabulary holds the parents of the given cells in the order of their hashes, and all digits.
 */
export function createDigits(options: DigitsOptions, cells: CellTable): Tokeniser {
  const rule = toRule(options, cells.resolution);
  const { parents } = parentTable(cells, rule.parents);
  const hashes = Array.from(parents.hi, (_, n) => cellHash(parents, n) as string).sort();
  const levels = firstLevels(rule);
  const digits = rule.groups.flatMap((group, i) => groupTexts(levels[i]!, group));
  return new Digits(rule, [...SPECIAL_TOKENS, ...hashes, ...digits]);
}

/**
 * Restores a tokeniser from its vocabulary, which tells the rule: the first hash its resolution, the texts
 * "6/246" the levels and lengths of the groups. Throws "bad-file" where texts are missing.
 */
export function restoreDigits(vocabulary: readonly string[]): Tokeniser {
  const parents = cellResolution(hashToHi(vocabulary[SPECIAL_TOKENS.length] ?? ""));
  const groups = new Map<number, number>(); // by first level
  for (const text of vocabulary) {
    const [level, digits] = text.split("/");
    if (digits !== undefined) groups.set(Number(level), digits.length);
  }
  const lengths = [...groups].sort(([a], [b]) => a - b).map(([, digits]) => digits);
  const resolution = lengths.reduce((sum, digits) => sum + digits, parents);
  return new Digits(toRule({ parents, groups: lengths }, resolution), vocabulary);
}
