import { FootfallError } from "../core/errors";

/** A step as its author wrote it: what the file holds. `inputs` names the step for each role. */
export interface StepDocument {
  id: string;
  kind: string;
  inputs?: Record<string, string>;
  spec?: Record<string, unknown>;
}

/** A notebook as plain JSON; outcomes are never part of it. */
export interface NotebookDocument {
  footfall: 1;
  title: string;
  lead: string;
  steps: StepDocument[];
}

function fail(expected: string, came: unknown): never {
  throw new FootfallError(
    "bad-input",
    `notebook: expected ${expected}, got ${JSON.stringify(came)}`,
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function checkStep(value: unknown, kinds: readonly string[], earlier: Set<string>): StepDocument {
  if (!isRecord(value)) return fail("a step object", value);
  const { id, kind, inputs = {}, spec = {} } = value;
  if (typeof id !== "string" || !/^[a-z][a-z0-9-]*$/.test(id))
    return fail("a step id of a-z, 0-9 and -", id);
  if (earlier.has(id)) return fail("each step id once", id);
  if (typeof kind !== "string" || !kinds.includes(kind))
    return fail(`a step kind (${kinds.join(", ")})`, kind);
  if (!isRecord(inputs) || !isRecord(spec))
    return fail(`objects for inputs and spec of step ${id}`, value);
  for (const input of Object.values(inputs)) {
    if (typeof input !== "string" || !earlier.has(input))
      fail(`inputs of step ${id} to be earlier steps`, input);
  }
  earlier.add(id);
  return { id, kind, inputs: inputs as Record<string, string>, spec };
}

/** Checks a parsed file; throws "bad-input" with what was expected and what came. */
export function checkDocument(value: unknown, kinds: readonly string[]): NotebookDocument {
  if (!isRecord(value) || value["footfall"] !== 1) return fail(`{"footfall": 1, ...}`, value);
  const { title, lead = "", steps } = value;
  if (typeof title !== "string" || typeof lead !== "string")
    return fail("a title and a lead in words", title);
  if (!Array.isArray(steps) || steps.length === 0) return fail("a list of steps", steps);
  const earlier = new Set<string>();
  return { footfall: 1, title, lead, steps: steps.map((step) => checkStep(step, kinds, earlier)) };
}
