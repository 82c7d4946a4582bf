import { fileWriter } from "hyparquet-writer";
import { TableFile as Table } from "../core/job/table-file";

/** A Parquet table that is written into a file in pieces. */
export class TableFile extends Table {
  constructor(path: string) {
    super(fileWriter(path));
  }
}
