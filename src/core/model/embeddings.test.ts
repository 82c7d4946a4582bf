import fc from "fast-check";
import { gridDisk, latLngToCell } from "h3-js";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { writeNpy } from "../data/columnar/npy";
import type { SourceFile } from "../data/read/source";
import { finish } from "../pace";
import { madeFile } from "../truth/truth.testing";
import { readEmbeddings } from "./embeddings";
import { writeSafetensors } from "./safetensors";

const CELLS = gridDisk(latLngToCell(35.68, 139.76, 8), 1).slice(0, 3);
const ROWS = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const FLAT = Float32Array.from(ROWS.flat());

const read = (...files: SourceFile[]) => finish(readEmbeddings(files));
const bytes = (data: Uint8Array) => Uint8Array.from(data);

const keys = madeFile("keys.txt", `cell\n${CELLS.join("\n")}\n`);
const npy = madeFile("e.npy", bytes(writeNpy(FLAT, [3, 2])));

describe("readEmbeddings", () => {
  const tensors = new Map([["embeddings", { shape: [3, 2], values: FLAT }]]);
  const files: [string, SourceFile[]][] = [
    ["npy with a text file of keys", [npy, keys]],
    [
      "npy with a table of keys",
      [madeFile("k.csv", `n,h3\n${CELLS.map((c, i) => `${i},${c}`).join("\n")}\n`), npy],
    ],
    ["npy with a JSON list", [npy, madeFile("k.json", JSON.stringify(CELLS))]],
    ["safetensors", [madeFile("e.safetensors", bytes(writeSafetensors(tensors))), keys]],
    [
      "TSV",
      [madeFile("e.tsv", CELLS.map((cell, i) => `${cell}\t${ROWS[i]!.join("\t")}`).join("\n"))],
    ],
    [
      "CSV with a header",
      [
        madeFile(
          "e.csv",
          `cell,e0,e1\n${CELLS.map((cell, i) => `${cell},${ROWS[i]!.join()}`).join("\n")}\n`,
        ),
      ],
    ],
    [
      "Parquet with lists",
      [
        madeFile(
          "e.parquet",
          parquetWriteBuffer({
            columnData: [
              { name: "cell", data: CELLS, type: "STRING" },
              { name: "embedding", data: ROWS, type: "JSON" },
            ],
          }),
        ),
      ],
    ],
  ];

  it.each(files)("reads %s", async (_, given) => {
    const found = await read(...given);
    expect(found).toMatchObject({ key: "cell", keys: CELLS, width: 2 });
    expect(Array.from(found.data)).toEqual(ROWS.flat());
  });

  it("takes other keys for users", async () => {
    const found = await read(madeFile("e.csv", "user,a,b,c\nanna,1,2,3\nben,4,5,6\n"));
    expect(found).toMatchObject({ key: "user", keys: ["anna", "ben"], width: 3 });
  });

  it.each<[string, SourceFile[], RegExp]>([
    ["no keys", [npy], /e.npy has 3 rows without keys/],
    ["too few keys", [npy, madeFile("k.txt", CELLS[0]!)], /k.txt: it has 1 keys, e.npy has 3 rows/],
    [
      "a double key",
      [npy, madeFile("k.txt", [CELLS[0], CELLS[1], CELLS[0]].join("\n"))],
      /row 3: .* has an embedding already/,
    ],
    [
      "a mixture of keys",
      [npy, madeFile("k.txt", [CELLS[0], "anna", CELLS[1]].join("\n"))],
      /holds cells, but row 2 is "anna"/,
    ],
    [
      "another shape",
      [madeFile("e.npy", bytes(writeNpy(FLAT))), keys],
      /expected a matrix \[rows, width\], got \[6\]/,
    ],
    [
      "no number",
      [madeFile("e.csv", `cell,a,b\n${CELLS[0]},1,2\n${CELLS[1]},3,x\n`)],
      /row 3, number 2 is no finite number/,
    ],
    ["another file", [madeFile("e.npy", "not numpy at all"), keys], /not a NumPy file/],
    ["nothing", [], /no file of embeddings/],
  ])("refuses %s in one sentence", async (_, given, sentence) => {
    await expect(read(...given)).rejects.toThrow(sentence);
  });

  it("reads back any matrix", async () => {
    const matrix = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.array(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: width,
          maxLength: width,
        }),
        { minLength: 1, maxLength: 9 },
      ),
    );
    await fc.assert(
      fc.asyncProperty(matrix, async (rows) => {
        const text = rows.map((row, i) => `u${i}\t${row.join("\t")}`).join("\n");
        const found = await read(
          madeFile("e.tsv", `user\t${rows[0]!.map((_, c) => `e${c}`).join("\t")}\n${text}\n`),
        );
        expect(Array.from(found.data)).toEqual(rows.flat().map((value) => value + 0)); // text has no -0
      }),
      { numRuns: 30 },
    );
  });
});
