import type { AsyncBuffer, ColumnChunk, Compressors, FileMetaData } from "hyparquet";
import { damagedPage, type PageHeader } from "./parquet-header";
import { leavesOf, type ParquetLeaf } from "./parquet-leaves";
import { checkPages } from "./parquet-pages";

/** What is read of a file: rows [from, to) of the columns below some top-level names. */
export interface WantedRows {
  from: number;
  to: number;
}

/** Looks at the pages of a file before hyparquet does, each column chunk once. */
export class PageChecker {
  readonly #buffer: AsyncBuffer;
  readonly #metadata: FileMetaData;
  readonly #leaves: readonly ParquetLeaf[];
  readonly #compressors: Compressors;
  readonly #checked = new Set<ColumnChunk>();

  /** The footer was checked (`checkParquet`). */
  constructor(buffer: AsyncBuffer, metadata: FileMetaData, compressors: Compressors) {
    this.#buffer = buffer;
    this.#metadata = metadata;
    this.#leaves = leavesOf(metadata.schema);
    this.#compressors = compressors;
  }

  /** Throws Error where a page, or the index of the pages, cannot be what it says. */
  async check(roots: ReadonlySet<string>, { from, to }: WantedRows): Promise<void> {
    let start = 0;
    for (const { columns, num_rows: rows } of this.#metadata.row_groups) {
      const end = start + Number(rows);
      const isAsked = start < to && end > from;
      start = end;
      if (!isAsked) continue;
      for (const [i, chunk] of columns.entries()) {
        const root = chunk.meta_data?.path_in_schema[0];
        if (root === undefined || !roots.has(root) || this.#checked.has(chunk)) continue;
        await this.#checkChunk(chunk, this.#leaves[i]!, Number(rows));
        this.#checked.add(chunk);
      }
    }
  }

  async #checkChunk(chunk: ColumnChunk, leaf: ParquetLeaf, rows: number): Promise<void> {
    const column = chunk.meta_data!;
    const at = Number(column.dictionary_page_offset || column.data_page_offset);
    const bytes = await this.#buffer.slice(at, at + Number(column.total_compressed_size));
    const facts = { leaf, column, compressors: this.#compressors };
    const pages = checkPages(new Uint8Array(bytes), facts);
    await this.#checkIndex(chunk, pages, { at, rows });
  }

  /** The index must name the data pages that are there, or a reader would take something else for a page. */
  async #checkIndex(
    { offset_index_offset: from, offset_index_length: length }: ColumnChunk,
    pages: readonly PageHeader[],
    { at, rows }: { at: number; rows: number },
  ): Promise<void> {
    if (!from || !length) return;
    const { readOffsetIndex } = await import("hyparquet");
    const bytes = await this.#buffer.slice(Number(from), Number(from) + length);
    const found = readOffsetIndex({ view: new DataView(bytes), offset: 0 }).page_locations;
    const ends = pages.map((page) => at + page.at + page.packedBytes);
    const isData = pages.map(({ kind }) => kind.startsWith("data"));
    const dataEnds = ends.filter((_, i) => isData[i]);
    const dataStarts = ends.map((_, i) => ends[i - 1] ?? at).filter((_, i) => isData[i]);
    if (found.length !== dataEnds.length) throw damagedPage();
    let firstRow = -1;
    found.forEach((page, i) => {
      const [offset, row] = [Number(page.offset), Number(page.first_row_index)];
      const isRight =
        offset === dataStarts[i] && offset + page.compressed_page_size === dataEnds[i];
      if (!isRight || row <= firstRow || row >= Math.max(1, rows)) throw damagedPage();
      firstRow = row;
    });
  }
}
