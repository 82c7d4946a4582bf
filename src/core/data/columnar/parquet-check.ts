import type { ColumnChunk, FileMetaData, RowGroup } from "hyparquet";
import { leavesOf, type ParquetLeaf } from "./parquet-leaves";

const outside = (): Error => new Error("its footer points outside the file");

function checkRange(from: number, bytes: number, fileBytes: number): void {
  const isInside = from >= 4 && bytes >= 0 && from + bytes <= fileBytes;
  if (!isInside) throw outside();
}

function checkColumn(
  { meta_data: meta, offset_index_offset: indexAt, offset_index_length: indexBytes }: ColumnChunk,
  leaf: ParquetLeaf | undefined,
  { rows, fileBytes }: { rows: bigint; fileBytes: number },
): void {
  if (!meta || meta.path_in_schema.join(".") !== leaf?.path || meta.type !== leaf.element.type) {
    throw new Error("its columns are not those of its schema");
  }
  if (leaf.maxRepetition === 0 && meta.num_values !== rows) {
    throw new Error("a column has not one value a row");
  }
  const first = meta.dictionary_page_offset || meta.data_page_offset;
  checkRange(Number(first), Number(meta.total_compressed_size), fileBytes);
  checkRange(Number(meta.data_page_offset), 0, fileBytes);
  if (indexAt) checkRange(Number(indexAt), indexBytes ?? 0, fileBytes);
}

function checkGroup(group: RowGroup, leaves: readonly ParquetLeaf[], fileBytes: number): void {
  if (group.columns.length !== leaves.length) throw new Error("a group of rows lacks columns");
  const rows = group.num_rows;
  group.columns.forEach((column, i) => checkColumn(column, leaves[i], { rows, fileBytes }));
}

/**
 * Checks that a footer agrees with itself and with the size of the file, before anything is read by it: a
 * damaged one would lead to reads outside the file and to endless work. Throws Error.
 */
export function checkParquet(metadata: FileMetaData, fileBytes: number): void {
  const leaves = leavesOf(metadata.schema);
  let rows = 0n;
  for (const group of metadata.row_groups) {
    if (group.num_rows < 0n) throw new Error("a group of rows has less than none");
    rows += group.num_rows;
    checkGroup(group, leaves, fileBytes);
  }
  if (rows !== metadata.num_rows) throw new Error("its rows do not add up");
}
