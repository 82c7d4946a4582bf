import { expect, test } from "vitest";
import { makeCalendar } from "../../core/data/holidays";
import { addDay, removeDay, restoreDay, toggleWeekday } from "./calendar-change";

const MAY = [Date.UTC(2023, 4, 1), Date.UTC(2023, 4, 31)] as const;
const datesOf = async (spec: Parameters<typeof makeCalendar>[0]): Promise<string[]> =>
  (await makeCalendar(spec, ...MAY)).holidays.map(({ date }) => date.slice(8));

test("days are added, removed and brought back, and the calendar follows", async () => {
  const japan = { country: "JP" };
  expect(await datesOf(japan)).toEqual(["03", "04", "05"]);
  const less = removeDay(japan, "2023-05-04");
  expect(await datesOf(less)).toEqual(["03", "05"]);
  expect(await datesOf(restoreDay(less, "2023-05-04"))).toEqual(["03", "04", "05"]);
  const more = addDay(addDay(less, { date: "2023-05-02", name: "a" }), {
    date: "2023-05-02",
    name: "bridge",
  });
  expect(more.added).toEqual([{ date: "2023-05-02", name: "bridge" }]);
  expect(await datesOf(more)).toEqual(["02", "03", "05"]);
  expect(await datesOf(removeDay(more, "2023-05-02"))).toEqual(["03", "05"]);
  expect(await datesOf(addDay(less, { date: "2023-05-04", name: "again" }))).toEqual([
    "03",
    "04",
    "05",
  ]);
});

test("days of the week go on and off", () => {
  expect(toggleWeekday([6, 7], 5)).toEqual([5, 6, 7]);
  expect(toggleWeekday([6, 7], 7)).toEqual([6]);
});
