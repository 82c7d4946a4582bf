import { startTransition, useEffect, useRef, useState, type RefObject } from "react";

/** Rows that stand at first, and that come at a time: as many again cost a busy page 10 ms of style and layout. */
export const ROWS_AT_ONCE = 60;

interface Growing<E extends HTMLElement> {
  /** How many rows stand now. */
  shown: number;
  /** What stands behind the last of them: more come when it is scrolled into sight. */
  end: RefObject<E | null>;
  showAll: () => void;
}

/** How many of so many rows stand: all of a month's check-ins at once are one task of a tenth of a second. */
export function useGrowing<E extends HTMLElement>(count: number): Growing<E> {
  const [limit, setLimit] = useState(ROWS_AT_ONCE);
  const end = useRef<E>(null);
  useEffect(() => {
    if (end.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.at(-1)?.isIntersecting) return;
      startTransition(() => setLimit((old) => old + ROWS_AT_ONCE));
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [limit, count]);
  return { shown: Math.min(limit, count), end, showAll: () => setLimit(Infinity) };
}
