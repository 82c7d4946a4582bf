import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openZone } from "./zones";

const reference = JSON.parse(
  readFileSync(new URL("../../../test/reference/times.json", import.meta.url), "utf8"),
) as { zones: Record<string, number[][]>; gaps: [string, number, number][] };

describe("openZone", () => {
  it.each(Object.entries(reference.zones))("agrees with Python's zoneinfo on %s", (name, rows) => {
    const zone = openZone(name);
    for (const [utcMs, offset, localMs, offsetOfLocal] of rows) {
      expect(zone.offsetAt(utcMs!), `${name} ${utcMs}`).toBe(offset);
      expect(zone.offsetAtLocal(localMs!), `${name} local ${localMs}`).toBe(offsetOfLocal);
    }
  });

  it("reads hours that never were with the offset before the gap", () => {
    for (const [name, localMs, offset] of reference.gaps) {
      expect(openZone(name).offsetAtLocal(localMs)).toBe(offset);
    }
  });

  it.each([
    ["+09:00", 540],
    ["-0330", -210],
    ["UTC+5", 300],
    ["UTC", 0],
  ])("knows the offset %s", (name, minutes) => expect(openZone(name).offsetAt(0)).toBe(minutes));

  it("says what a zone looks like", () => {
    expect(() => openZone("Asia/Tokio")).toThrow(
      '"Asia/Tokio" is no time zone; expected a name such as Asia/Tokyo or an offset such as +09:00',
    );
  });

  it("does not stumble over moments that are none", () => {
    expect(openZone("Europe/Berlin").offsetAtLocal(NaN)).toBe(0);
    expect(openZone("Europe/Berlin").offsetAt(8.64e15)).toBe(0);
  });
});
