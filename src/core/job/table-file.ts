import type { ParquetWriter, Writer } from "hyparquet-writer";
import type { Column } from "../data/columnar/tables";

const ROWS_PER_GROUP = 50_000;

/** Where the bytes of a table go: a file, or memory. */
export type TableWriter = Writer;

/** A Parquet table that is written in pieces; small pieces are collected into row groups of 50,000. */
export class TableFile {
  readonly #target: TableWriter;
  #writer: ParquetWriter | undefined;
  #waiting: Column[] = [];
  rows = 0;

  constructor(target: TableWriter) {
    this.#target = target;
  }

  /** Adds rows; the columns may be kept and added to. */
  async append(columns: Column[]): Promise<void> {
    this.rows += columns[0]!.data.length;
    if (this.#waiting.length === 0) this.#waiting = columns;
    else {
      this.#waiting.forEach((column, c) => {
        for (const value of columns[c]!.data) column.data.push(value);
      });
    }
    if (this.#waiting[0]!.data.length >= ROWS_PER_GROUP) await this.#flush();
  }

  /** Writes what is left and the end of the file. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#writer?.finish();
  }

  async #flush(): Promise<void> {
    const columnData = this.#waiting;
    this.#waiting = [];
    if (columnData.length === 0) return;
    const { ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
    this.#writer ??= new ParquetWriter({
      writer: this.#target,
      schema: schemaFromColumnData({ columnData }),
      createdBy: "footfall",
    });
    await this.#writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
  }
}
