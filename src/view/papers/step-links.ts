import type { StepLink } from "../../core/papers/facts";

/** The notebook that opens where the address names none. */
const FIRST = "masking";

/** What an address can set a step to: `?task=water`, `?experiment=noise`, `?over=mask-ratio`. */
export const ADDRESS_CHOICES = ["task", "experiment", "over"] as const;
export type AddressChoice = (typeof ADDRESS_CHOICES)[number];

/**
 * Where a step can be seen, from a page whose address has this `search`; undefined for a step of an import, which
 * needs files first. Everything else that the address asks for stays, but for the data of an import and what
 * other steps were set to.
 */
export function hrefOf(link: StepLink, search: string): string | undefined {
  const { notebook, step, part } = link;
  if (notebook === "import") return undefined;
  const query = new URLSearchParams(search);
  const isHere = (query.get("notebook") ?? FIRST) === notebook && !query.has("data");
  const isSet = ADDRESS_CHOICES.some((name) => link[name] !== undefined);
  if (isHere && !isSet) {
    return `#${part ?? `step-${step}`}`;
  }
  query.delete("data");
  if (notebook === FIRST) query.delete("notebook");
  else query.set("notebook", notebook);
  for (const name of ADDRESS_CHOICES) {
    const value = link[name];
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  return `?${query.toString()}#step-${step}`;
}
