import { gridDisk } from "h3-js";
import { describe, expect, test } from "vitest";
import { CellTableBuilder } from "../geo/cells";
import { finish } from "../pace";
import { createDigits } from "./digits";
import { extraTexts, findExtras, timeTokenOf, userTokenOf, withExtras } from "./extras";
import { createFlat } from "./flat";
import { renameSpecials } from "./hugging-face";
import { numberPeople } from "./people";
import { readTokeniser } from "./read-tokeniser";
import { SPECIAL_TOKENS, type Tokeniser } from "./tokeniser";
import { trainWordpiece } from "./wordpiece";

const builder = new CellTableBuilder();
for (const hash of gridDisk("882e601a5dfffff", 6)) builder.add(hash);
const cells = builder.build();

const KINDS: [string, Tokeniser][] = [
  ["digits", createDigits({}, cells)],
  ["wordpiece", await finish(trainWordpiece(cells, { vocabularySize: 80 }))],
  ["flat", createFlat(cells)],
];

describe.each(KINDS)("extra tokens behind %s", (_, base) => {
  const tokeniser = withExtras(base, { users: 2, times: "week" });
  const first = base.vocabularySize;

  test("leave every other id as it is", () => {
    expect(tokeniser.vocabulary.slice(0, first)).toEqual(base.vocabulary);
    expect(tokeniser.vocabulary.slice(first, first + 4)).toEqual([
      "[USER]",
      "[USER:1]",
      "[USER:2]",
      "[TIME:Mon00]",
    ]);
    expect(tokeniser.vocabularySize).toBe(first + 3 + 168);
    expect(tokeniser.textOf(first + 3 + 167)).toBe("[TIME:Sun23]");
    expect(tokeniser.textOf(tokeniser.vocabularySize)).toBeUndefined();
    const [own, without] = [tokeniser.encodeCells(cells), base.encodeCells(cells)];
    expect([own.tokens, own.offsets]).toEqual([without.tokens, without.offsets]);
    expect(tokeniser.decode([...own.tokens.subarray(0, own.offsets[1])])).toBe(
      base.decode([...without.tokens.subarray(0, without.offsets[1])]),
    );
  });

  test("come back from the file, also under other names of the five, and make no place", () => {
    const document = renameSpecials(tokeniser.toJson(), ["<p>", "<u>", "<c>", "<s>", "<m>"]);
    const read = readTokeniser(JSON.parse(JSON.stringify(document)));
    expect(read.vocabulary).toEqual(tokeniser.vocabulary);
    expect(read.extras).toEqual({ users: 2, times: "week", first });
    expect(read.encodeCells(cells)).toEqual(tokeniser.encodeCells(cells));
    expect(read.decode([first + 3, ...read.encodeCells(cells).tokens.subarray(0, 1)])).toBe(
      undefined,
    );
  });
});

test("people alone, hours alone, nothing", () => {
  const [, base] = KINDS[0]!;
  const ids = ([users, times]: [number, "none" | "week"]) => {
    const { extras } = withExtras(base, { users, times });
    return extras && [userTokenOf(extras, 1), timeTokenOf(extras, 5), timeTokenOf(extras, 168)];
  };
  const first = base.vocabularySize;
  expect(ids([3, "none"])).toEqual([first + 1, undefined, undefined]);
  expect(ids([0, "week"])).toEqual([undefined, first + 5, undefined]);
  expect(ids([3, "week"])).toEqual([first + 1, first + 9, undefined]);
  expect(ids([0, "none"])).toBeUndefined();
  expect(() => ids([1.5, "none"])).toThrow("1.5 user tokens: expected a whole number from 0");
});

test("a vocabulary whose extra tokens are out of order is refused by the first wrong one", () => {
  const texts = [...SPECIAL_TOKENS, "a", ...extraTexts({ users: 2, times: "week" })];
  expect(findExtras(texts)).toEqual({ users: 2, times: "week", first: 6 });
  const swapped = texts.with(7, "[USER:2]").with(8, "[USER:1]");
  expect(() => findExtras(swapped)).toThrow('token 7 is "[USER:2]", expected "[USER:1]"');
  expect(() => findExtras(texts.slice(0, -1))).toThrow(
    'token 176 is "missing", expected "[TIME:Sun23]"',
  );
  expect(() => findExtras([...texts, "b"])).toThrow('token 177 is "b", expected "no more"');
});

test("people are numbered by their check-ins in the training part, all others are nobody", () => {
  const person = [0, 0, 1, 2, 3, 2];
  const offsets = [0, 2, 4, 9, 12, 20, 29];
  const parts = [0, 0, 0, 0, 1, 2]; // person 3 is not learnt from; of person 2 the first trajectory is
  expect([...numberPeople({ person, offsets, parts }, 2)]).toEqual([2, 2, 1, 0, 0, 0]);
  expect([...numberPeople({ person, offsets, parts }, 9)]).toEqual([2, 2, 1, 3, 0, 3]);
  expect([...numberPeople({ person, offsets, parts }, 0)]).toEqual([0, 0, 0, 0, 0, 0]);
});
