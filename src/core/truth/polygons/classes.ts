import { FootfallError } from "../../errors";
import type { ColumnValue, PolygonColumn, PolygonLayer } from "./layer";

/** How a value becomes a class. It is plain JSON: a notebook keeps it. */
export type ClassRule =
  /** Every value is a class of its own. */
  | { readonly kind: "value" }
  /** The kind of municipality by the end of its name: `municipalityKind`. */
  | { readonly kind: "suffix" }
  /** Class of each value by a table; values that it does not name have no class. */
  | { readonly kind: "table"; readonly classes: Readonly<Record<string, string>> };

/** Ends of names of municipalities. Romanised ends stand behind a hyphen or a space, so that Mishima is no "shima". */
const SUFFIXES: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["shi", /市$|[- ](shi|city)$/iu],
  ["ku", /区$|[- ](ku|ward)$/iu],
  ["machi", /町$|[- ](machi|chō|cho|town)$/iu],
  ["mura", /村$|[- ](mura|son|village)$/iu],
];

/**
 * "shi" (市, -shi, City), "ku" (区, -ku, Ward), "machi" (町, -machi, -cho, Town) or "mura" (村, -mura, -son,
 * Village) by the end of a name; undefined for any other.
 */
export function municipalityKind(name: string): string | undefined {
  const text = name.normalize("NFKC").trim();
  return SUFFIXES.find(([, pattern]) => pattern.test(text))?.[0];
}

/** The class of a value; undefined for none. Numbers are classes as text. */
export function toClass(value: ColumnValue, rule: ClassRule): string | undefined {
  if (value === null || value === "") return undefined;
  const text = String(value);
  switch (rule.kind) {
    case "value":
      return text;
    case "suffix":
      return municipalityKind(text);
    case "table":
      return Object.hasOwn(rule.classes, text) ? rule.classes[text] : undefined;
    default:
      return rule satisfies never;
  }
}

/** The column of this name. Throws "missing-column" with the names that there are. */
export function findColumn({ name, columns }: PolygonLayer, column: string): PolygonColumn {
  const found = columns.find((candidate) => candidate.name === column);
  if (found !== undefined) return found;
  const names = columns.slice(0, 20).map((candidate) => candidate.name);
  throw new FootfallError(
    "missing-column",
    `${name} has no column "${column}"; it has: ${names.join(", ") || "none"}`,
  );
}

/** Numbers of classes per feature in the order of their first coming, -1 for none. Throws "no-data". */
export function classify(
  layer: PolygonLayer,
  { column, rule }: { column: string; rule: ClassRule },
): { classes: string[]; classOf: Int32Array /* [F] */ } {
  const numbers = new Map<string, number>();
  const { values, examples } = findColumn(layer, column);
  const classOf = Int32Array.from(values, (value) => {
    const name = toClass(value, rule);
    if (name === undefined) return -1;
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  });
  if (numbers.size > 0) return { classes: [...numbers.keys()], classOf };
  const seen = examples.map((example) => `"${example}"`).join(", ") || "nothing";
  throw new FootfallError(
    "no-data",
    `${layer.name}: no value of the column "${column}" has a class (it holds ${seen})`,
  );
}
