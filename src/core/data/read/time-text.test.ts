import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IsoReader } from "./iso-bytes";
import { DateOrderVotes, planTimes } from "./time-plan";
import { parseClockTime, type DateOrder } from "./time-text";
import { guessTimeUnit, parseTimeText, toTimeMs } from "./times";

const reference = JSON.parse(
  readFileSync(new URL("../../../../test/reference/times.json", import.meta.url), "utf8"),
) as { texts: [string, DateOrder, number, number | null][] };

const time = fc.date({ min: new Date(0), max: new Date("2199-12-31"), noInvalidDate: true });

describe("parseClockTime", () => {
  it("reads what Python writes, in sixteen forms", () => {
    for (const [text, order, localMs, offset] of reference.texts) {
      const found = parseClockTime(text, order);
      expect(found, text).toEqual({ localMs, offsetMin: offset ?? undefined });
    }
  });

  it("comes back from ISO text to the millisecond", () => {
    fc.assert(fc.property(time, (date) => parseTimeText(date.toISOString()) === date.getTime()));
  });

  it("refuses what is no time", () => {
    const texts = ["", "noon", "2012-02-30", "2012-13-01", "2012-04-03 25:00", "12", "13:00 PM"];
    for (const text of [
      ...texts,
      "31/04/2012",
      "03/04/2012 13:00 PM",
      "2012-04-03 18:17:18 Mars",
    ]) {
      expect(parseClockTime(text), text).toBeUndefined();
    }
  });
});

describe("IsoReader", () => {
  const iso = new IsoReader();
  const read = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    return iso.read(bytes, 0, bytes.length)
      ? { localMs: iso.localMs, offsetMin: iso.offsetMin }
      : undefined;
  };

  it("agrees with the parser of text", () => {
    const zone = fc.constantFrom("", "Z", "+09:00", "-03:30", "+00:00");
    const form = fc.constantFrom(16, 19, 21, 23);
    fc.assert(
      fc.property(time, zone, form, fc.constantFrom("T", " "), (date, end, length, gap) => {
        const text = date.toISOString().slice(0, length).replace("T", gap) + end;
        expect(read(text), text).toEqual(parseClockTime(text));
      }),
    );
  });

  it("leaves to the parser of text what it does not know, and never disagrees with it", () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from("0129-:T .+Z")),
      minLength: 14,
      maxLength: 26,
    });
    const broken = fc
      .tuple(time, fc.nat({ max: 22 }), fc.constantFrom(...Array.from("0-:x ")))
      .map(([date, at, mark]) => {
        const good = date.toISOString();
        return good.slice(0, at) + mark + good.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(text, broken), (field) => {
        const found = read(field);
        if (found) expect(found, field).toEqual(parseClockTime(field));
      }),
    );
  });
});

describe("planTimes", () => {
  it("knows units by their range", () => {
    expect(guessTimeUnit([1.2e9, 0, 1.3e9])).toBe("seconds");
    expect(guessTimeUnit([1.2e12])).toBe("milliseconds");
    expect(guessTimeUnit([1.2e15])).toBe("microseconds");
    expect(guessTimeUnit([1.2e18])).toBe("nanoseconds");
    expect(guessTimeUnit([2.1e7])).toBe("minutes");
    expect(guessTimeUnit([41_002.76])).toBe("excel-days");
    expect(guessTimeUnit([41_002])).toBeUndefined();
    expect(guessTimeUnit([5743])).toBeUndefined();
  });

  it("reads days of a spreadsheet to the millisecond", () => {
    expect(toTimeMs(41_002.762_013_888_9, "excel-days")).toBe(Date.UTC(2012, 3, 3, 18, 17, 18));
  });

  it("takes digits of a date as a date and not as minutes", () => {
    expect(planTimes(["20120403", "20120404"])).toMatchObject({ kind: "text" });
    expect(planTimes(["22224240", "22224250"])).toMatchObject({ kind: "number", unit: "minutes" });
  });

  it.each([
    [["03/04/2012 10:00", "13/04/2012 10:00"], "day-first", false],
    [["03/04/2012 10:00", "04/13/2012 10:00"], "month-first", false],
    [["03/04/2012 5:06 PM"], "month-first", true],
    [["03/04/2012 17:06"], "day-first", true],
    [["03.04.2012 17:06"], "day-first", true],
  ])("tells the order of day and month in %s: %s", (fields, order, isOrderOpen) => {
    expect(planTimes(fields)).toMatchObject({ kind: "text", order, isOrderOpen });
  });

  it("does not decide by as many dates of one order as of the other", () => {
    const votes = new DateOrderVotes();
    for (const field of ["13/04/2012", "04/13/2012", "2012-04-13", ""]) votes.add(field);
    expect([votes.dates, votes.order]).toEqual([2, undefined]);
  });
});
