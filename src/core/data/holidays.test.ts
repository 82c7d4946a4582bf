import { describe, expect, it } from "vitest";
import { countDays, holidaysOf, listHolidayPlaces, makeCalendar } from "./holidays";

const clock = { kind: "offset", hours: 9, isGuessed: false } as const;

describe("holidaysOf", () => {
  it("knows Japan's holidays of paper 1's year (Cabinet Office list)", async () => {
    const holidays = await holidaysOf("JP", undefined, Date.UTC(2022, 6, 1), Date.UTC(2023, 5, 30));
    expect(holidays.map(({ date }) => date)).toEqual([
      "2022-07-18",
      "2022-08-11",
      "2022-09-19",
      "2022-09-23",
      "2022-10-10",
      "2022-11-03",
      "2022-11-23",
      "2023-01-01",
      "2023-01-02", // in place of the Sunday before
      "2023-01-09",
      "2023-02-11",
      "2023-02-23",
      "2023-03-21",
      "2023-04-29",
      "2023-05-03",
      "2023-05-04",
      "2023-05-05",
    ]);
  });

  it("knows regions, and days that last", async () => {
    const year = [Date.UTC(2023, 0, 1), Date.UTC(2023, 11, 31)] as const;
    const germany = await holidaysOf("DE", undefined, ...year);
    const bavaria = await holidaysOf("DE", "BY", ...year);
    const dates = (list: { date: string }[]) => list.map(({ date }) => date);
    expect(dates(germany)).not.toContain("2023-01-06");
    expect(dates(bavaria)).toEqual(expect.arrayContaining(["2023-01-06", ...dates(germany)]));
    const china = await holidaysOf("CN", undefined, ...year);
    expect(china.length).toBeGreaterThan(8);
  });

  it("says which countries and regions it does not know", async () => {
    await expect(holidaysOf("XX", undefined, 0, 1)).rejects.toThrow(/country "XX"/);
    await expect(holidaysOf("DE", "ZZ", 0, 1)).rejects.toThrow(/no region "ZZ".*BY/);
  });
});

describe("listHolidayPlaces", () => {
  it("gives countries and regions that holidaysOf takes, by name", async () => {
    const { countries, regions } = await listHolidayPlaces("DE");
    expect(countries).toContainEqual({ code: "JP", name: "Japan" });
    expect(regions.map(({ name }) => name)).toEqual(regions.map(({ name }) => name).toSorted());
    expect(regions).toContainEqual({ code: "BY", name: "Bayern" });
    expect((await listHolidayPlaces("JP")).regions).toEqual([]);
    expect((await listHolidayPlaces(undefined)).regions).toEqual([]);
  });
});

describe("makeCalendar", () => {
  it("can be edited, and knows weekends that are not Saturday and Sunday", async () => {
    const [fromMs, toMs] = [Date.UTC(2023, 4, 1), Date.UTC(2023, 4, 31)];
    const calendar = await makeCalendar(
      {
        country: "JP",
        added: [{ date: "2023-05-02", name: "bridge" }],
        removed: ["2023-05-04"],
      },
      fromMs,
      toMs,
    );
    expect(calendar.holidays.map(({ date }) => date)).toEqual([
      "2023-05-02",
      "2023-05-03",
      "2023-05-05",
    ]);
    expect(calendar.weekend).toEqual([6, 7]);
    expect((await makeCalendar({ country: "EG" }, fromMs, toMs)).weekend).toEqual([5, 6]);
  });

  it("tells workdays, weekends and holidays by the local clock", async () => {
    const calendar = await makeCalendar(
      { country: "JP" },
      Date.UTC(2023, 4, 1),
      Date.UTC(2023, 4, 31),
    );
    const startMs = Float64Array.of(
      Date.UTC(2023, 4, 2, 14, 59), // 23:59 on Tuesday in Japan
      Date.UTC(2023, 4, 2, 15), // midnight: Constitution Day
      Date.UTC(2023, 4, 5, 15), // Saturday
      Date.UTC(2023, 4, 7, 15), // Monday
    );
    expect(countDays({ startMs }, clock, calendar)).toEqual({
      checkInsOn: { workday: 2, weekend: 1, holiday: 1 },
      onHoliday: [1, 0, 0], // the third, fourth and fifth of May
    });
    const utc = { kind: "offset", hours: 0, isGuessed: false } as const;
    expect(countDays({ startMs: startMs.slice(1, 2) }, utc, calendar).checkInsOn.workday).toBe(1);
  });
});
