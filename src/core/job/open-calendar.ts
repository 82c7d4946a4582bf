import type { Calendar } from "../data/holidays";
import { hoursOfWeek } from "../data/hours";
import { toLocalClock, type LocalClock } from "../data/local-clock";
import { HOLIDAYS, UTC_OFFSET_HOURS } from "../world/calendar";
import { readJsonFile } from "./files";
import type { Dataset } from "./open-dataset";

/** Which days are off, and which clock says so. */
interface OpenedCalendar {
  readonly calendar: Calendar;
  readonly clock: LocalClock;
  readonly words: string;
}

/** The days off and the clock of the data: the country's, those of the import, or weekends and a guess. Throws "bad-file". */
export async function openCalendar({
  geography,
  files,
  name,
  trajectories,
}: Dataset): Promise<OpenedCalendar> {
  if (geography) {
    const holidays = HOLIDAYS.map((date) => ({ date, name: "national holiday" }));
    return {
      calendar: { country: "JP", weekend: [6, 7], holidays },
      clock: { kind: "offset", hours: UTC_OFFSET_HOURS, isGuessed: false },
      words: "Saturdays, Sundays and Japan's national holidays",
    };
  }
  if (files.some(({ path }) => path.endsWith("calendar.json"))) {
    const read = await readJsonFile<Calendar & { clock: LocalClock }>(files, "calendar.json", name);
    const words = `weekends and the ${read.holidays.length} holidays of ${read.country} in the time of the data`;
    return { calendar: read, clock: read.clock, words };
  }
  return {
    calendar: { country: "", weekend: [6, 7], holidays: [] },
    clock: toLocalClock({ kind: "guess" }, trajectories.checkIns),
    words: "Saturdays and Sundays alone: the data came without a calendar",
  };
}

/** The hour of the week of each check-in by the clock of the data, for models that know times, [check-ins]. */
export async function openHours(dataset: Dataset): Promise<Uint8Array> {
  const { clock } = await openCalendar(dataset);
  return hoursOfWeek(dataset.trajectories.checkIns, clock);
}
