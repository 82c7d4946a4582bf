import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWindowReader, localDay, readWindow, WINDOW_KINDS, windowText } from "./windows";

const windowOf = (kind: (typeof WINDOW_KINDS)[number], localMs: number, firstDay = 0): string =>
  windowText(kind, createWindowReader(kind, firstDay)(localMs));

describe("windows", () => {
  it.each([
    // ISO 8601 weeks: the week of the year's first Thursday is number 1
    ["2008-12-28", "2008-W52"],
    ["2008-12-29", "2009-W01"],
    ["2010-01-03", "2009-W53"],
    ["2012-04-03", "2012-W14"],
    ["1969-12-31", "1970-W01"],
  ])("knows the week of %s", (date, week) => {
    expect(windowOf("week", Date.parse(`${date}T23:59:59Z`))).toBe(week);
  });

  it("counts tens of days from the first day of the data", () => {
    const firstDay = localDay(Date.UTC(2012, 3, 3));
    expect(windowOf("10-days", Date.UTC(2012, 3, 12, 23), firstDay)).toBe("2012-04-03/P10D");
    expect(windowOf("10-days", Date.UTC(2012, 3, 13), firstDay)).toBe("2012-04-13/P10D");
  });

  it("comes back from its text, and holds its moment", () => {
    const moment = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...WINDOW_KINDS), moment, moment, (kind, localMs, other) => {
        const read = createWindowReader(kind, 15_000);
        const window = read(localMs);
        expect(readWindow(windowText(kind, window))).toEqual({ kind, window });
        const [first, second] = [Math.min(localMs, other), Math.max(localMs, other)];
        expect(read(first)).toBeLessThanOrEqual(read(second));
      }),
    );
  });

  it("refuses other texts", () => {
    expect(() => readWindow("2012-4")).toThrow(/no window of time/);
  });
});
