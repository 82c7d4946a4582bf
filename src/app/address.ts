import { ADDRESS_CHOICES } from "../view/papers/step-links";
import { FIRST_NOTEBOOK, type ShippedName } from "./shipped";

/** What the address says is open. */
interface Opened {
  /** The imported data set, so that a reload finds it again. */
  data: string | undefined;
  notebook: ShippedName | undefined;
}

/** The page's address names what is open (`?data=ID`, `?notebook=NAME`); the first notebook needs no name. */
export function nameInAddress({ data, notebook }: Opened): void {
  const address = new URL(location.href);
  const wanted = { data, notebook: notebook === FIRST_NOTEBOOK ? undefined : notebook };
  const names = Object.entries(wanted);
  const named = (name: string): string | undefined => address.searchParams.get(name) ?? undefined;
  if (names.every(([name, value]) => named(name) === value)) return;
  for (const [name, value] of names) {
    if (value === undefined) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  for (const name of ADDRESS_CHOICES) address.searchParams.delete(name); // of steps that are gone
  address.hash = "";
  history.replaceState(null, "", address);
}

/** The step that the address points to (`#step-errata`); undefined where it names none. */
export function stepOfAddress(): string | undefined {
  return /^#step-([a-z][a-z0-9-]*)$/.exec(location.hash)?.[1];
}
