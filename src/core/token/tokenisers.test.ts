import { cellToChildren, cellToParent, gridDisk, isPentagon, latLngToCell } from "h3-js";
import { describe, expect, it } from "vitest";
import { CellTableBuilder, cellHash, type CellTable } from "../geo/cells";
import { finish } from "../pace";
import { createDigits } from "./digits";
import { createFlat } from "./flat";
import { readTokeniser } from "./read-tokeniser";
import { SPECIAL_TOKENS, UNK, type Tokeniser } from "./tokeniser";
import { trainWordpiece } from "./wordpiece";

const AICHI = "882e601a5dfffff";

function tableOf(hashes: readonly string[]): CellTable {
  const builder = new CellTableBuilder();
  hashes.forEach((hash) => builder.add(hash));
  return builder.build();
}

const train = (cells: CellTable, vocabularySize: number): Promise<Tokeniser> =>
  finish(trainWordpiece(cells, { vocabularySize }));

function textsOf(tokeniser: Tokeniser, hash: string): string[] {
  const { tokens } = tokeniser.encodeCells(tableOf([hash]));
  return Array.from(tokens, (id) => tokeniser.vocabulary[id]!);
}

function expectRoundTrip(tokeniser: Tokeniser, cells: CellTable): void {
  const { offsets, tokens } = tokeniser.encodeCells(cells);
  for (let n = 0; n < cells.hi.length; n++) {
    const pieces = tokens.subarray(offsets[n], offsets[n + 1]);
    expect(tokeniser.decode(pieces)).toBe(cellHash(cells, n));
  }
}

const area = tableOf(gridDisk(AICHI, 40));

describe("digits", () => {
  it("needs exactly 15 pieces for the 49 cells two levels below one parent", () => {
    const cells = tableOf(cellToChildren(cellToParent(AICHI, 6), 8));
    expect(cells.hi.length).toBe(49);
    const tokeniser = createDigits({ parents: 6, groups: [1, 1] }, cells);
    expect(new Set(tokeniser.encodeCells(cells).tokens).size).toBe(15);
    expect(tokeniser.vocabulary.length - SPECIAL_TOKENS.length).toBe(15);
  });

  it("writes a cell as its parent and its digits", () => {
    const tokeniser = createDigits({}, area);
    expect(textsOf(tokeniser, AICHI)).toEqual([cellToParent(AICHI, 5), "6/456"]);
    const parents = new Set(gridDisk(AICHI, 40).map((hash) => cellToParent(hash, 5))).size;
    expect(tokeniser.vocabulary.length).toBe(5 + parents + 343);
    expect(tokeniser.vocabulary.slice(0, 5)).toEqual([...SPECIAL_TOKENS]);
  });

  it.each([
    [5, [3]],
    [4, [4]],
    [4, [2, 2]],
    [0, [1, 1, 1, 1, 1, 1, 1, 1]],
    [8, []],
  ])("comes back from parent %i and groups %j", (parents, groups) => {
    const tokeniser = createDigits({ parents, groups }, area);
    expectRoundTrip(tokeniser, area);
    const again = readTokeniser(JSON.parse(JSON.stringify(tokeniser.toJson())));
    expect(again.vocabulary).toEqual(tokeniser.vocabulary);
    if (groups.length > 0) expect(again.rule).toEqual(tokeniser.rule); // without digits it is flat
    expect(again.encodeCells(area)).toEqual(tokeniser.encodeCells(area));
    expectRoundTrip(again, area);
  });

  it("writes a cell outside the vocabulary as [UNK] pieces and reads none back", () => {
    const tokeniser = createDigits({}, area);
    const london = tableOf([latLngToCell(51.5, 0, 8)]);
    expect([...tokeniser.encodeCells(london).tokens]).toEqual([UNK, UNK]);
    expect(tokeniser.decode([UNK, UNK])).toBeUndefined();
    expect(tokeniser.decode([5])).toBeUndefined();
    expect(tokeniser.decode([5, 5])).toBeUndefined();
  });

  it("does not invent the child that a pentagon lacks", () => {
    const pentagon = "851c0003fffffff";
    expect(isPentagon(pentagon)).toBe(true);
    const tokeniser = createDigits({}, tableOf(cellToChildren(pentagon, 8)));
    const lacking = [5, tokeniser.vocabulary.indexOf("6/100")];
    expect(tokeniser.decode(lacking)).toBeUndefined();
    expectRoundTrip(tokeniser, tableOf(cellToChildren(pentagon, 8)));
  });

  it("refuses groups that do not end at the cells' resolution", () => {
    expect(() => createDigits({ parents: 5, groups: [2] }, area)).toThrow(/must sum to 3/);
  });
});

describe("flat", () => {
  it("has one token a cell and comes back", () => {
    const tokeniser = createFlat(area);
    expect(tokeniser.vocabulary.length).toBe(5 + area.hi.length);
    expectRoundTrip(tokeniser, area);
    expectRoundTrip(readTokeniser(tokeniser.toJson()), area);
    expect(tokeniser.decode([4])).toBeUndefined();
  });
});

describe("wordpiece", () => {
  it("caps the vocabulary, comes back, and is equal on a re-run", async () => {
    const tokeniser = await train(area, 200);
    expect(tokeniser.vocabulary.length).toBe(200);
    expectRoundTrip(tokeniser, area);
    expectRoundTrip(readTokeniser(tokeniser.toJson()), area);
    expect((await train(area, 200)).vocabulary).toEqual(tokeniser.vocabulary);
  });

  it("cuts hashes into pieces of their varying characters", async () => {
    const tokeniser = await train(area, 200);
    const texts = textsOf(tokeniser, AICHI);
    expect(texts.join("").replaceAll("##", "")).toBe("2e601a5d");
    expect(texts[0]!.startsWith("2e60")).toBe(true); // what the whole area shares is one piece
  });
});

describe("readTokeniser", () => {
  it("says what is wrong with a document", () => {
    expect(() => readTokeniser({})).toThrow(/no "model.vocab"/);
    const document = createFlat(area).toJson();
    const words = { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, the: 5 };
    expect(() => readTokeniser({ model: { type: "WordLevel", vocab: words } })).toThrow(/"the"/);
    expect(() => readTokeniser({ model: { type: "WordPiece", vocab: words } })).toThrow(
      /without the normaliser/,
    );
    const vocab = { ...document.model.vocab, "[MASK]": 99_999 };
    expect(() => readTokeniser({ ...document, model: { ...document.model, vocab } })).toThrow(
      /not 0 to V - 1/,
    );
  });
});
