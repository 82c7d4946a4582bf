import type { SchemaElement } from "hyparquet";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import type { CellTable } from "../../core/geo/cells";
import { cellHash } from "../../core/geo/cells";
import { FootfallError } from "../../core/errors";
import { embedCells } from "../../core/model/embed";
import { tokeniserOf } from "../../core/model/folder";
import type { CellPieces } from "../../core/token/tokeniser";
import { UNK } from "../../core/token/tokeniser";
import { readCellFile } from "../cell-file";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { MODEL_OPTIONS, modelFacts, withModel } from "../model";
import { writeWholeFile } from "../output";
import { showing } from "../run";
import { requiredText } from "../values";

/** A text and a list of floats, none of them null. */
const SCHEMA: SchemaElement[] = [
  { name: "root", num_children: 2 },
  { name: "cell", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  { name: "embedding", repetition_type: "REQUIRED", converted_type: "LIST", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", type: "FLOAT", repetition_type: "REQUIRED" },
];
/** Rows that are held as JavaScript lists at a time. */
const ROWS_PER_GROUP = 20_000;

async function writeEmbeddings(
  file: string,
  {
    cells,
    numbers,
    values,
  }: { cells: CellTable; numbers: readonly number[]; values: Float32Array },
): Promise<void> {
  const C = values.length / numbers.length;
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: SCHEMA,
    createdBy: "footfall",
  });
  for (let from = 0; from < numbers.length; from += ROWS_PER_GROUP) {
    const group = numbers.slice(from, from + ROWS_PER_GROUP);
    const rows = group.map((_, n) =>
      Array.from(values.subarray((from + n) * C, (from + n + 1) * C)),
    );
    const columnData = [
      { name: "cell", data: group.map((cell) => cellHash(cells, cell) as string) },
      { name: "embedding", data: rows },
    ];
    await writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
  }
  await writer.finish();
}

/** Cells whose pieces are all known to the model. Throws "no-data" where there is none. */
function findKnown({ offsets, tokens }: CellPieces, path: string): number[] {
  const N = offsets.length - 1;
  const isKnown = (cell: number): boolean =>
    !tokens.subarray(offsets[cell], offsets[cell + 1]).includes(UNK);
  const known = Array.from({ length: N }, (_, cell) => cell).filter(isKnown);
  if (known.length > 0) return known;
  throw new FootfallError(
    "no-data",
    `none of the ${N} cells of ${path} can be written with the tokens of this model`,
  );
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const path = requiredText(input.values, "cells", 'a Parquet or CSV file with a column "cell"');
  const out = requiredText(input.values, "out", "the Parquet file to write");
  const cells = await readCellFile(path);
  return withModel(input, async (model) => {
    const pieces = tokeniserOf(model.folder).encodeCells(cells);
    const numbers = findKnown(pieces, path);
    const leftOut = cells.hi.length - numbers.length;
    if (leftOut > 0) input.note(`${leftOut} cells are left out: the model has no tokens for them`);
    const options = { cells: numbers, signal: input.signal };
    const values = await showing(embedCells(model.bert, pieces, options), input.progress);
    await writeWholeFile(out, (file) => writeEmbeddings(file, { cells, numbers, values }));
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const { width } = model.folder.config;
    return {
      document: { ...modelFacts(model), cells: numbers.length, leftOut, width, out, seconds },
      lines: [
        `${numbers.length} cells, ${width} numbers each, in ${out}`,
        `on ${model.engine.kind} (${model.engine.description}), ${seconds} s`,
      ],
    };
  });
}

export const command: Command = {
  summary: "Embeds cells: each alone, the mean of the last layer over its pieces.",
  usage: "--model DIR --cells FILE --out FILE.parquet",
  options: {
    ...MODEL_OPTIONS,
    cells: { type: "string", value: "FILE", help: 'Parquet or CSV with a column "cell"' },
    out: { type: "string", value: "FILE", help: "gets one row a cell: cell, embedding" },
  },
  run,
};
