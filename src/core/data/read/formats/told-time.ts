import type { ReadOptions } from "../source";
import { TimeReader } from "../time-reader";
import { openZone } from "../../zones";

/** Reads times as texts, each by its own zone; those without one are read in the chosen zone, else as UTC. */
export function createTextTimes({ zone, dateOrder = "month-first" }: ReadOptions): TimeReader {
  const plan = { order: dateOrder, usesOrder: false, isOrderOpen: false, tellsZone: true, why: "" };
  return new TimeReader({ kind: "text", ...plan }, zone === undefined ? undefined : openZone(zone));
}
