import type { SchemaElement } from "hyparquet";

/** A column that holds values, and how they are packed. */
export interface ParquetLeaf {
  /** Names from the top level down, joined by dots. */
  path: string;
  element: SchemaElement;
  /** Levels that tell at which depth a value is missing, and where a list begins anew. */
  maxDefinition: number;
  maxRepetition: number;
}

/** The leaves of a schema, in the order of the file. Throws Error where the schema does not add up. */
export function leavesOf(schema: readonly SchemaElement[]): ParquetLeaf[] {
  const leaves: ParquetLeaf[] = [];
  let at = 1;
  const walk = (
    count: number,
    names: readonly string[],
    definition: number,
    repetition: number,
  ) => {
    for (let child = 0; child < count; child++) {
      const element = schema[at++];
      if (!element) throw new Error("its schema was cut");
      const own = [...names, element.name];
      const maxDefinition = definition + (element.repetition_type === "REQUIRED" ? 0 : 1);
      const maxRepetition = repetition + (element.repetition_type === "REPEATED" ? 1 : 0);
      if (element.num_children) walk(element.num_children, own, maxDefinition, maxRepetition);
      else leaves.push({ path: own.join("."), element, maxDefinition, maxRepetition });
    }
  };
  walk(schema[0]?.num_children ?? 0, [], 0, 0);
  if (at !== schema.length) throw new Error("its schema does not add up");
  return leaves;
}
