import type { JSX } from "react";
import { ROLES, type Role } from "../../core/data/read/columns";
import type { FilePreview, ReadOptions } from "../../core/data/read/source";
import { columnsOf, giveRole, ROLE_TITLES, type ChangeRead } from "./read-change";

interface PreviewTableProps {
  preview: FilePreview;
  read: ReadOptions;
  onRead: ChangeRead;
}

/** Rows that are shown; the reader looked at many more. */
const SHOWN_ROWS = 6;
/** A table of more columns than this shows those that mean something, and the first others. */
const SHOWN_COLUMNS = 40;

interface ColumnHeadProps extends PreviewTableProps {
  column: string;
  role: Role | undefined;
}

/** The name of a column, what it is taken for, and why. */
function ColumnHead({ preview, read, onRead, column, role }: ColumnHeadProps): JSX.Element {
  const isByHand = role !== undefined && read.columns?.[role] === column;
  const why = role === undefined || isByHand ? undefined : preview.roles?.[role]?.why;
  return (
    <th scope="col" className={role === undefined ? undefined : "has-role"}>
      <span className="column-name">{column}</span>
      {preview.roles !== undefined && (
        <select
          aria-label={`What the column ${column} holds`}
          value={role ?? ""}
          onChange={({ target }) => {
            const chosen = ROLES.find((known) => known === target.value);
            onRead({ columns: giveRole(read, column, chosen) });
          }}
        >
          <option value="">not used</option>
          {ROLES.map((known) => (
            <option key={known} value={known}>
              {ROLE_TITLES[known]}
            </option>
          ))}
        </select>
      )}
      <span className="column-why">{isByHand ? "chosen by you" : (why ?? "")}</span>
    </th>
  );
}

/** The first rows of a table, each column with what it is taken for: correctable where one looks. */
export function PreviewTable(props: PreviewTableProps): JSX.Element {
  const { preview, read } = props;
  const chosen = Object.entries(columnsOf(preview, read)) as [Role, string][];
  const roleOf = new Map(chosen.map(([role, column]) => [column, role]));
  const all = preview.columns.map((column, i) => ({ column, i }));
  const shown = all.filter(({ column, i }) => roleOf.has(column) || i < SHOWN_COLUMNS);
  const left = preview.columns.length - shown.length;
  return (
    <div className="preview-box" data-table="preview" tabIndex={0}>
      <table className="preview">
        <thead>
          <tr>
            {shown.map(({ column, i }) => (
              <ColumnHead key={i} {...props} column={column} role={roleOf.get(column)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.slice(0, SHOWN_ROWS).map((row, r) => (
            <tr key={r}>
              {shown.map(({ column, i }) => (
                <td key={i} className={roleOf.has(column) ? "has-role" : undefined}>
                  {row[i]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p className="note">{left} more columns are not shown.</p>}
    </div>
  );
}
