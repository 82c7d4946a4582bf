import { columnOf } from "./columns";
import { parseNumberText } from "./fields";
import { describeZone, problemOf, type TablePlan } from "./table-plan";

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), 0);

/** "the latitude column y holds values up to 139.9 and the longitude column x up to 35.7" */
export function describeSwapped({ sample, roles }: TablePlan): string {
  const up = (index: number) => largest(columnOf(sample, index).map(parseNumberText));
  const [lat, lng] = [roles.lat!, roles.lng!];
  return `the latitude column "${lat.value}" holds values up to ${up(lat.index)} and the longitude column "${lng.value}" up to ${up(lng.index)}: they look swapped`;
}

/** Coordinates of a map projection, or whole numbers of 1e-7 degrees, are no degrees. */
function warnProjected({ sample, roles }: TablePlan): string[] {
  const { lat, lng } = roles;
  if (!lat || !lng || lat.index === lng.index) return [];
  const most = largest(columnOf(sample, lng.index).map(parseNumberText));
  if (most <= 180) return [];
  return [`the longitude column "${lng.value}" holds values up to ${most}, which are no degrees`];
}

/** Times without a zone at places far from Greenwich are seldom UTC. */
function warnZone(plan: TablePlan): string[] {
  const { sample, roles, times } = plan;
  const zone = describeZone(plan);
  if (!zone || zone.why !== "the times do not tell theirs" || times?.kind !== "text") return [];
  const lng = plan.swapped ? roles.lat : roles.lng;
  const values = lng
    ? columnOf(sample, lng.index).map(parseNumberText).filter(Number.isFinite)
    : [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (!(Math.abs(mean) > 7.5 && Math.abs(mean) <= 180)) return [];
  const hours = Math.round(mean / 15);
  return [
    `the times tell no zone and are taken as UTC, but the places lie around ${Math.round(mean)}° (${hours > 0 ? "+" : ""}${hours} h): choose a zone if the times are local`,
  ];
}

function warnDays({ times, sample, roles, dateIndex }: TablePlan): string[] {
  if (times?.kind !== "text" || dateIndex >= 0 || !roles.time) return [];
  const fields = columnOf(sample, roles.time.index).filter((field) => field !== "");
  if (fields.some((field) => field.includes(":") || field.length > 10)) return [];
  return [`column "${roles.time.value}" holds days without a clock: every point is at midnight`];
}

/** Sentences to be shown loudly before a table is read. */
export function warningsOf(plan: TablePlan): string[] {
  const { times, looksSwapped, swapped } = plan;
  const problem = problemOf(plan);
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(looksSwapped && !swapped ? [describeSwapped(plan)] : []),
    ...(times?.kind === "text" && times.isOrderOpen ? [times.why.split("; ").at(-1)!] : []),
    ...warnProjected(plan),
    ...warnZone(plan),
    ...warnDays(plan),
  ];
}
