import type { StepLink } from "../../core/papers/facts";

/** The notebook that opens where the address names none. */
const FIRST = "masking";

/**
 * Where a step can be seen, from a page whose address has this `search`; undefined for a step of an import, which
 * needs files first. Everything else that the address asks for stays, but for the data of an import and the
 * task of another step.
 */
export function hrefOf(
  { notebook, step, part, task }: StepLink,
  search: string,
): string | undefined {
  if (notebook === "import") return undefined;
  const query = new URLSearchParams(search);
  const isHere = (query.get("notebook") ?? FIRST) === notebook && !query.has("data");
  if (isHere && task === undefined) {
    return `#${part ?? `step-${step}`}`;
  }
  for (const own of ["data", "task"]) query.delete(own);
  if (notebook === FIRST) query.delete("notebook");
  else query.set("notebook", notebook);
  if (task !== undefined) query.set("task", task);
  return `?${query.toString()}#step-${step}`;
}
