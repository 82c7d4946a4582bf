import { describe, expect, it } from "vitest";
import { makeTaskData } from "../tasks/tasks.testing";
import { cutWeeks, linkProtected } from "./protections";

const DAYS = 20;
const HOURS = 24 * DAYS;

/** Three people who are at one cell all the time, by night or by day; two of them have the same cell. */
function threePeople() {
  const walks = [0, 7, 7].map((cell) => Array.from({ length: HOURS }, () => cell));
  const data = makeTaskData(3, walks);
  const { checkIns, offsets } = data.trajectories;
  const hours = Uint8Array.from(checkIns.startMs, (ms, i) => {
    const hour = Math.floor(ms / 3_600_000) % 168;
    return i >= offsets[2]! ? 24 * Math.floor(hour / 24) : hour; // the third: midnights alone
  });
  return { ...data, hours };
}

describe("linking from one week", () => {
  const { trajectories, cells, hours } = threePeople();
  const weeks = cutWeeks(trajectories, [0, 1, 2], hours, 3);

  it("cuts the first seven days off, and leaves out whoever has no more", () => {
    expect(weeks.known.map((trace) => trace.cells.length)).toEqual([168, 168, 168]);
    expect(weeks.rest[0]!.cells).toHaveLength(HOURS - 168);
    const short = makeTaskData(1, [Array.from({ length: 24 }, () => 0)]);
    expect(cutWeeks(short.trajectories, [0], new Uint8Array(24), 3).known).toEqual([]);
    expect(cutWeeks(trajectories, [0, 1, 2], hours, 2).known).toHaveLength(2);
  });

  it("tells fewer after each protection, and nobody of whom nothing is left", () => {
    const found = linkProtected(weeks, cells, trajectories);
    const by = (wanted: RegExp) => found.find(({ name }) => wanted.test(name))!;
    const none = by(/^nothing$/);
    expect([none.places.hits1, none.times.hits1, none.kept]).toEqual([1 / 3, 1, 1]); // two share a cell
    const days = by(/^times to days/);
    expect([days.places.hits1, days.times.hits1]).toEqual([1 / 3, 1 / 3]); // midnights are days too
    const rare = by(/^only cells of 5/); // nobody's cell has five visitors
    expect([rare.places.hits1, rare.times.hits1, rare.kept]).toEqual([0, 0, 0]);
    expect(by(/^cells of resolution 6$/).times.hits1).toBeLessThanOrEqual(none.times.hits1);
    const common = by(/^only the tenth/); // the cell of two
    expect(common.kept).toBeCloseTo(2 / 3, 9);
    expect(common.places.hits1).toBe(0);
  });
});
