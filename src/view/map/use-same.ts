import { useRef } from "react";

function hasSameItems(
  a: readonly unknown[] | undefined,
  b: readonly unknown[] | undefined,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
}

/** A short list, the same object as long as its items are: callers may write `[0, 1]` where they draw. */
export function useSameList<List extends readonly unknown[] | undefined>(list: List): List {
  const last = useRef(list);
  if (!hasSameItems(last.current, list)) last.current = list;
  return last.current;
}

type Format = (value: number) => string;

/** A function that stays the same and does what the latest one does; undefined while there is none. */
export function useSameFormat(format: Format | undefined): Format | undefined {
  const latest = useRef(format);
  latest.current = format;
  const same = useRef<Format>((value) => latest.current?.(value) ?? "");
  return format && same.current;
}
