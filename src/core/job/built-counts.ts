import { countDays, type Calendar, type CalendarSpec } from "../data/holidays";
import type { LocalClock } from "../data/local-clock";
import { countUsersPerCell, DEFAULT_K, hideRareCells } from "../data/privacy";
import type { BuiltTrajectories } from "../data/rules";
import type { DatasetSink } from "./dataset-files";
import { calendarOf } from "./days-off";

/** What the report says of check-ins that are gone by then; batches of whole users are added to it. */
export class BuiltCounts {
  readonly #calendar: Calendar | undefined;
  readonly #spec: CalendarSpec | undefined;
  readonly #checkInsOn = { workday: 0, weekend: 0, holiday: 0 };
  #clock: LocalClock | undefined;
  /** Of each cell: people, and check-ins of kept trajectories. */
  #users = new Uint32Array(0);
  #checkIns = new Uint32Array(0);

  private constructor(spec: CalendarSpec | undefined, calendar: Calendar | undefined) {
    this.#spec = spec;
    this.#calendar = calendar;
  }

  /** Counts for data of a time, by a calendar where one is asked for. Throws "bad-input". */
  static async open(
    spec: CalendarSpec | undefined,
    report: { fromMs: number; toMs: number },
  ): Promise<BuiltCounts> {
    return new BuiltCounts(spec, spec && (await calendarOf(spec, report)));
  }

  add({ checkIns, trajectories, clock }: BuiltTrajectories): void {
    this.#clock = clock;
    this.#countDays(checkIns, clock);
    const { user, cell, cells } = trajectories.checkIns;
    const N = cells.hi.length;
    this.#users = widen(this.#users, N);
    this.#checkIns = widen(this.#checkIns, N);
    countUsersPerCell(user, cell, N).forEach((count, n) => (this.#users[n]! += count));
    for (const n of cell) this.#checkIns[n]!++;
  }

  /** Cells that maps and exports hide because fewer than k people were there (PV-02). */
  rareCells(): { k: number; cells: number; checkIns: number } {
    const { shown, hidden } = hideRareCells(this.#users);
    const checkIns = this.#checkIns.reduce(
      (sum, count, n) => sum + (shown[n] === 1 ? 0 : count),
      0,
    );
    return { k: DEFAULT_K, cells: hidden, checkIns };
  }

  /** Writes calendar.json and gives the check-ins of each kind of day; undefined without a calendar. */
  async writeCalendar(sink: DatasetSink) {
    if (this.#calendar === undefined) return undefined;
    const text = JSON.stringify({ ...this.#calendar, clock: this.#clock }, null, 2);
    await sink.write("calendar.json", new TextEncoder().encode(`${text}\n`));
    const { country, region, weekend, holidays } = this.#calendar;
    const { added, removed } = this.#spec ?? {};
    const checkInsOn = { ...this.#checkInsOn };
    return { country, region, weekend, holidays: holidays.length, added, removed, checkInsOn };
  }

  #countDays(checkIns: BuiltTrajectories["checkIns"], clock: LocalClock): void {
    if (this.#calendar === undefined) return;
    const { checkInsOn } = countDays(checkIns, clock, this.#calendar);
    this.#checkInsOn.workday += checkInsOn.workday;
    this.#checkInsOn.weekend += checkInsOn.weekend;
    this.#checkInsOn.holiday += checkInsOn.holiday;
  }
}

/** The counts with room for N cells. */
function widen(counts: Uint32Array<ArrayBuffer>, N: number): Uint32Array<ArrayBuffer> {
  if (counts.length === N) return counts;
  const wider = new Uint32Array(N);
  wider.set(counts);
  return wider;
}
