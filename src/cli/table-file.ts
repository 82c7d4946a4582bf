import type { ColumnSource } from "hyparquet-writer";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";

type Column = ColumnSource & { data: unknown[] };

const ROWS_PER_GROUP = 200_000;

/** A Parquet file that is written in pieces; small pieces are collected into row groups of 200,000. */
export class TableFile {
  readonly #path: string;
  #writer: ParquetWriter | undefined;
  #waiting: Column[] = [];
  rows = 0;

  constructor(path: string) {
    this.#path = path;
  }

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

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writer?.finish();
  }

  async #flush(): Promise<void> {
    const columnData = this.#waiting;
    this.#waiting = [];
    if (columnData.length === 0) return;
    this.#writer ??= new ParquetWriter({
      writer: fileWriter(this.#path),
      schema: schemaFromColumnData({ columnData }),
      createdBy: "footfall",
    });
    await this.#writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
  }
}
