import { FootfallError } from "../core/errors";
import adaptation from "./notebooks/adaptation.json";
import papers from "./notebooks/the-papers.json";
import masking from "./notebooks/what-does-masking-teach.json";

/** The shipped notebooks by the name that the address gives them (`?notebook=NAME`). */
export const SHIPPED = { masking, adaptation, papers } as const;
export type ShippedName = keyof typeof SHIPPED;

/** The one that opens where the address names none. */
export const FIRST_NOTEBOOK: ShippedName = "masking";

/** A name from the address. Throws "bad-input" for one that is not shipped. */
export function readNotebook(text: string | null): ShippedName {
  if (text === null || text === "") return FIRST_NOTEBOOK;
  const names = Object.keys(SHIPPED) as ShippedName[];
  const known = names.find((name) => name === text);
  if (known !== undefined) return known;
  throw new FootfallError(
    "bad-input",
    `the address says notebook=${text}; expected ${names.join(", ")}`,
  );
}
