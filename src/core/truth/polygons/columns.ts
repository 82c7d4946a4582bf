import type { ColumnValue, PolygonColumn } from "./layer";

const EXAMPLES = 5;
const LONGEST_EXAMPLE = 60;

/** A property of any file as one of our values. */
export function toValue(value: unknown): ColumnValue {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return Number(value);
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return null;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : toDateText(value);
      if (value instanceof Uint8Array) return null; // a picture or a second geometry
      return JSON.stringify(value, (_, part: unknown) =>
        typeof part === "bigint" ? Number(part) : part,
      );
    case "undefined":
    case "function":
    case "symbol":
      return null;
  }
}

/** A day as a day, a moment as a moment. */
function toDateText(date: Date): string {
  const text = date.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}

function describeColumn(name: string, values: readonly ColumnValue[]): PolygonColumn {
  const counts = new Map<string, number>();
  let missing = 0;
  let isNumber = true;
  for (const value of values) {
    if (value === null || value === "") {
      missing++;
      continue;
    }
    if (typeof value !== "number") isNumber = false;
    const text = String(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, EXAMPLES);
  const examples = frequent.map(([text]) =>
    text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}...` : text,
  );
  const kind = isNumber && counts.size > 0 ? "number" : "text";
  return { name, kind, examples, distinct: counts.size, missing, values };
}

/** Collects the properties of features; a feature may lack any of them. */
export class ColumnsBuilder {
  readonly #columns = new Map<string, ColumnValue[]>();
  #count = 0;

  add(properties: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(properties)) {
      let column = this.#columns.get(name);
      if (column === undefined) this.#columns.set(name, (column = []));
      while (column.length < this.#count) column.push(null);
      column.push(toValue(value));
    }
    this.#count++;
  }

  build(): PolygonColumn[] {
    return [...this.#columns].map(([name, values]) => {
      while (values.length < this.#count) values.push(null);
      return describeColumn(name, values);
    });
  }
}
