import type { Part } from "./pool";

export type { Part } from "./pool";

/** Nanoseconds that are worth a part of their own: some ten times what handing it over takes. */
const PART_NS = 40_000;
/** Parts for each thread: one that is kept from running leaves its share to the others. */
const PARTS_PER_THREAD = 8;

/** From one number to another, the last not included. */
export type Range = readonly [from: number, to: number];

/** What is to be cut into parts: `total` things that take `ns` each on one thread, `align` of them together. */
export interface Cut {
  readonly total: number;
  readonly ns: number;
  readonly align?: number;
  /** Most things in a part. */
  readonly most?: number;
}

/** Parts, and about how long all of them take on one thread. */
export interface Work {
  readonly parts: readonly Part[];
  readonly ns: number;
}

/** Parts for all threads, none too small to be worth it; one for one thread. */
export function cut(threads: number, what: Cut, part: (range: Range) => Part): Work {
  const { total, align = 1, most = Infinity } = what;
  const ns = total * what.ns;
  const wanted = threads > 1 ? threads * PARTS_PER_THREAD : 1;
  const count = Math.max(1, Math.min(wanted, Math.floor(ns / PART_NS)));
  const size = Math.min(most, Math.ceil(total / count / align) * align);
  const parts = Array.from({ length: Math.ceil(total / size) }, (_, n) =>
    part([n * size, Math.min(total, (n + 1) * size)]),
  );
  return { parts, ns };
}

/** Whether other threads can save more than it takes to ask them. */
export function isWorthSharing(works: readonly Work[]): boolean {
  const count = works.reduce((sum, { parts }) => sum + parts.length, 0);
  return count > 1 && works.reduce((sum, { ns }) => sum + ns, 0) >= 2 * PART_NS;
}
