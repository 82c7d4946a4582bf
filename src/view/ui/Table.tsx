import type { JSX, ReactNode } from "react";
import { formatCounted } from "../words";
import { Button } from "./Button";
import { useGrowing } from "./use-growing";

interface TableProps {
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
  /** Caption over the table, default none. */
  caption?: string;
  /** What a screen reader calls it where there is no caption. */
  label?: string;
  /** Columns that hold numbers and stand flush right; default all whose first cell begins with a digit. */
  numeric?: readonly number[];
  /** True where the first column names its row; default false. */
  hasRowNames?: boolean;
}

function isNumber(value: ReactNode): boolean {
  return typeof value === "number" || (typeof value === "string" && /^[+−-]?[\d.]/.test(value));
}

/** A plain table; long ones scroll inside their own box, and their rows come as they are scrolled to. */
export function Table(props: TableProps): JSX.Element {
  const { head, rows, caption, label, numeric, hasRowNames = false } = props;
  const { shown, end, showAll } = useGrowing<HTMLTableRowElement>(rows.length);
  const isRight = (column: number): boolean =>
    numeric ? numeric.includes(column) : column > 0 && isNumber(rows[0]?.[column]);
  const align = (column: number): string | undefined => (isRight(column) ? "number" : undefined);
  return (
    <div className="table-box" tabIndex={rows.length > 12 ? 0 : undefined}>
      <table aria-label={label} aria-rowcount={shown < rows.length ? rows.length + 1 : undefined}>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {head.map((title, column) => (
              <th key={title} scope="col" className={align(column)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row, i) => (
            <tr key={i}>
              {row.map((value, column) =>
                hasRowNames && column === 0 ? (
                  <th key={column} scope="row">
                    {value}
                  </th>
                ) : (
                  <td key={column} className={align(column)}>
                    {value}
                  </td>
                ),
              )}
            </tr>
          ))}
          {shown < rows.length && (
            <tr ref={end}>
              <td colSpan={head.length}>
                <Button kind="quiet" onClick={showAll}>
                  {`Show ${formatCounted(rows.length - shown, "more row")}`}
                </Button>
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
