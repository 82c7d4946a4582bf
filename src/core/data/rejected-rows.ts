import type { Rejection } from "./ledger";

/** Line numbers shown in the report for each reason. */
const FIRST_LINES = 5;
/** Rows whose place is kept, so that a file of nothing but bad rows does not fill the memory (about 60 MB). */
export const MOST_REJECTED_ROWS = 1_000_000;

interface RejectedRow {
  path: string;
  line: number;
  reason: string;
}

/** Rows that could not be used: all counted by reason, the places of the first million kept. */
export class RejectedRows {
  readonly #byReason = new Map<string, Rejection & { firstFiles: string[] }>();
  readonly #rows: RejectedRow[] = [];
  #mask = (path: string): string => path;
  count = 0;

  add(reason: string, path: string, line: number): void {
    this.count++;
    const fresh = { reason, count: 0, firstLines: [], firstFiles: [] };
    const rejection = this.#byReason.get(reason) ?? fresh;
    this.#byReason.set(reason, rejection);
    rejection.count++;
    if (rejection.firstLines.length < FIRST_LINES) {
      rejection.firstLines.push(line);
      rejection.firstFiles.push(path);
    }
    if (this.#rows.length < MOST_REJECTED_ROWS) this.#rows.push({ path, line, reason });
  }

  /** Counts by reason, the most frequent first. */
  reasons(): Rejection[] {
    return [...this.#byReason.values()]
      .sort((a, b) => b.count - a.count)
      .map((rejection) => ({ ...rejection, firstFiles: rejection.firstFiles.map(this.#mask) }));
  }

  /** From now on paths are given through `mask`, which hides users. */
  maskPaths(mask: (path: string) => string): void {
    this.#mask = mask;
  }

  /** The kept places as a CSV table, in pieces: file, line, reason. */
  *toCsv(): Generator<string, void> {
    yield "file,line,reason\n";
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const ROWS = 10_000;
    for (let from = 0; from < this.#rows.length; from += ROWS) {
      const rows = this.#rows.slice(from, from + ROWS);
      yield rows
        .map((row) => `${quote(this.#mask(row.path))},${row.line},${quote(row.reason)}\n`)
        .join("");
    }
  }
}
