import type { CalendarSpec, Holiday } from "../../core/data/holidays";

/** The calendar with another day off; the same date again takes the name of the last. */
export function addDay(spec: CalendarSpec, day: Holiday): CalendarSpec {
  const others = (spec.added ?? []).filter(({ date }) => date !== day.date);
  const removed = spec.removed?.filter((date) => date !== day.date);
  return { ...spec, removed, added: [...others, day] };
}

/** The calendar without a day off, whether it was added by hand or is the country's. */
export function removeDay(spec: CalendarSpec, date: string): CalendarSpec {
  const added = spec.added?.filter((day) => day.date !== date);
  return { ...spec, added, removed: [...new Set([...(spec.removed ?? []), date])] };
}

/** The calendar with a day that was removed. */
export function restoreDay(spec: CalendarSpec, date: string): CalendarSpec {
  return { ...spec, removed: spec.removed?.filter((other) => other !== date) };
}

/** The weekend with a day of the week (1 Monday to 7 Sunday) off or on. */
export function toggleWeekday(weekend: readonly number[], day: number): number[] {
  const others = weekend.filter((other) => other !== day);
  return others.length < weekend.length ? others : [...others, day].sort((a, b) => a - b);
}
