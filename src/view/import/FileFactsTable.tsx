import type { JSX } from "react";
import type { WrittenReport } from "../../core/job/dataset";
import { Table } from "../ui/Table";
import { formatCount, formatCounted } from "../words";

interface FileFactsTableProps {
  files: NonNullable<WrittenReport["files"]>;
  /** All files; of many only those with a problem are listed. */
  fileCount: number;
}

/** Each file of the import and what became of it. */
export function FileFactsTable({ files, fileCount }: FileFactsTableProps): JSX.Element {
  const broken = files.filter(({ problem }) => problem !== undefined).length;
  const state = broken === 0 ? "all read whole" : `${formatCount(broken)} not read whole`;
  return (
    <details data-table="file-facts" open={broken > 0}>
      <summary>
        {formatCounted(fileCount, "file")}: {state}
      </summary>
      {files.length > 0 && (
        <Table
          head={["file", "format", "rows", "rejected", "problem"]}
          rows={files.map(({ path, format, rows, rejected, problem }) => [
            path,
            format,
            formatCount(rows),
            formatCount(rejected),
            problem ?? "",
          ])}
          numeric={[2, 3]}
        />
      )}
    </details>
  );
}
