import type { JSX } from "react";
import { Table } from "../ui/Table";
import type { Twin } from "./cell-twin";

interface TableTwinProps {
  twin: Twin;
  /** Line on the fold, default "As a table". */
  title?: string;
}

/** The figure in words and numbers: what a screen reader reads and a test counts. */
export function TableTwin({ twin, title = "As a table" }: TableTwinProps): JSX.Element {
  return (
    <details className="table-twin">
      <summary>{title}</summary>
      <p>{twin.summary}</p>
      <Table head={twin.head} rows={twin.rows} />
    </details>
  );
}
