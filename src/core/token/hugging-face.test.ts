import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { CellTableBuilder } from "../geo/cells";
import { readTokeniser } from "./read-tokeniser";
import { RowWriter } from "./rows";
import { CLS, SEP } from "./tokeniser";

interface Case {
  kind: string;
  hashes: string[];
  ids: number[][];
  row: number[];
  /** A row with extra tokens: person 2 on Monday at 7, Wednesday at 12 and Sunday at 23, and what decoding leaves. */
  marked?: { ids: number[]; plain: string };
  resaved: object;
}

// made by test/reference/tokenisers.mjs with Hugging Face's tokenizers 0.23.2
const file = new URL("../../../test/reference/tokenisers.json", import.meta.url);
const cases = JSON.parse(readFileSync(file, "utf8")) as Case[];

describe.each(cases)(
  "$kind beside Hugging Face's own library",
  ({ kind, hashes, ids, row, marked, resaved }) => {
    const builder = new CellTableBuilder();
    hashes.forEach((hash) => builder.add(hash));
    const tokeniser = readTokeniser(resaved);
    const { offsets, tokens } = tokeniser.encodeCells(builder.build());
    const own = hashes.map((_, n) => [...tokens.subarray(offsets[n], offsets[n + 1])]);

    it("is restored from the file that Hugging Face saved", () => {
      expect(tokeniser.kind).toBe(kind);
      expect(tokeniser.resolution).toBe(8);
    });

    it("gives every cell the same ids, also one outside the area", () => {
      expect(own).toEqual(ids);
    });

    it.runIf(marked)("knows the extra tokens, which stay whole and are no part of a place", () => {
      const writer = new RowWriter(tokeniser.extras, 2);
      [7, 60, 167].forEach((hour, n) => {
        writer.begin(n, hour);
        own[n]!.forEach((piece) => writer.piece(piece));
      });
      expect(writer.close().tokens).toEqual(marked?.ids);
      const pieces = own.slice(0, 3).flat();
      expect(pieces.map((id) => tokeniser.textOf(id)).join(" ")).toBe(marked?.plain);
    });

    it("puts the same ends around a row", () => {
      expect([CLS, ...own.slice(0, 3).flat(), SEP]).toEqual(row);
    });
  },
);
