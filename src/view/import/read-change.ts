import { ROLES, type Role } from "../../core/data/read/columns";
import type { FilePreview, ReadOptions } from "../../core/data/read/source";

/** Changes how the files are read; a value of undefined goes back to the guess. */
export type ChangeRead = (change: Partial<ReadOptions>) => void;

/** The options after a change, without the fields that are left to the guess. */
export function changeRead(read: ReadOptions, change: Partial<ReadOptions>): ReadOptions {
  const all = Object.entries({ ...read, ...change });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as ReadOptions;
}

/** The column that plays each role now: chosen by hand, or guessed. */
export function columnsOf(
  { roles }: FilePreview,
  read: ReadOptions,
): Partial<Record<Role, string>> {
  return Object.fromEntries(
    ROLES.flatMap((role) => {
      const column = read.columns?.[role] ?? roles?.[role]?.value;
      return column === undefined ? [] : [[role, column]];
    }),
  );
}

/** The columns chosen by hand after one of them was given a role (undefined: none any more). */
export function giveRole(
  read: ReadOptions,
  column: string,
  role: Role | undefined,
): ReadOptions["columns"] {
  const kept = Object.entries(read.columns ?? {}).filter(
    ([known, name]) => known !== role && name !== column,
  );
  const columns = Object.fromEntries(role === undefined ? kept : [...kept, [role, column]]);
  return Object.keys(columns).length === 0 ? undefined : columns;
}

/** Words for the roles, as the page writes them. */
export const ROLE_TITLES: Record<Role, string> = {
  user: "person",
  time: "time",
  lat: "latitude",
  lng: "longitude",
};
