import { latLngToCell } from "h3-js";
import { beforeAll, describe, expect, it } from "vitest";
import type { Points } from "../data/points";
import { cellHash } from "../geo/cells";
import { MONTH, OFF_BLOCKS, isOffDay, localDate } from "./calendar";
import { nearestCell } from "./cell-grid";
import { fingerprint } from "./fingerprint";
import type { Geography } from "./geography";
import { planeKm } from "./plane";
import { buildRegion } from "./region.fixture";
import { COUNTRY_SIZES, simulateResidents } from "./residents";
import { mean, quantile } from "./statistics.fixture";

const RESIDENTS = 1000;

describe("the calendar", () => {
  it("knows the weekends and holidays of May 2023", () => {
    expect(OFF_BLOCKS).toEqual([
      [2, 6],
      [12, 13],
      [19, 20],
      [26, 27],
    ]);
  });

  it("turns the day at midnight in Japan, not in Greenwich", () => {
    const beforeMidnight = Date.UTC(2023, 4, 5, 14, 59);
    expect(localDate(beforeMidnight)).toBe("2023-05-05");
    expect(localDate(beforeMidnight + 60_000)).toBe("2023-05-06");
    expect(isOffDay(Date.UTC(2023, 4, 7, 14, 59))).toBe(true); // Sunday night
    expect(isOffDay(Date.UTC(2023, 4, 7, 15, 0))).toBe(false); // Monday
  });
});

describe("residents of a region", () => {
  let region: Geography;
  let all: Points;
  /** Rows of each resident. */
  let rows: number[][];
  const simulate = (from: number, to: number, seed = 123): Points => {
    const [points] = simulateResidents(region, { seed, from, to, chunk: to - from });
    return points!;
  };
  const bytes = ({ timeMs, lat, lng }: Points): string => fingerprint([timeMs, lat, lng]);
  const cellAt = (row: number): number => nearestCell(region.grid, all.lat[row]!, all.lng[row]!);
  const steps = (): { km: number; hours: number }[] =>
    rows.flatMap((own) =>
      own.slice(1).map((row) => ({
        km: planeKm(all.lat[row - 1]!, all.lng[row - 1]!, all.lat[row]!, all.lng[row]!),
        hours: (all.timeMs[row]! - all.timeMs[row - 1]!) / 3.6e6,
      })),
    );

  beforeAll(async () => {
    region = await buildRegion();
    all = simulate(0, RESIDENTS);
    rows = all.users.map(() => []);
    all.user.forEach((user, row) => rows[user]!.push(row));
  });

  it("are the same for the same seed and others for another", () => {
    expect(bytes(simulate(0, 50))).toBe(bytes(simulate(0, 50)));
    expect(bytes(simulate(0, 50, 5))).not.toBe(bytes(simulate(0, 50)));
  });

  it("do not depend on the chunk or the size of the country", () => {
    const alone = simulate(640, 641);
    const own = rows[640]!;
    expect(alone.users).toEqual(["resident-000640"]);
    expect(Array.from(alone.timeMs)).toEqual(own.map((row) => all.timeMs[row]));
    expect(Array.from(alone.lat)).toEqual(own.map((row) => all.lat[row]));
    const { small, medium, large } = COUNTRY_SIZES;
    expect(small.residents < medium.residents && medium.residents < large.residents).toBe(true);
  });

  it("report between 20 and 62 times, in order, within the month", () => {
    for (const own of rows) {
      expect(own.length).toBeGreaterThanOrEqual(20);
      expect(own.length).toBeLessThanOrEqual(62);
    }
    expect(mean(rows.map((own) => own.length))).toBeGreaterThan(56);
    expect(steps().every(({ hours }) => hours >= 0)).toBe(true);
    const month = `${MONTH.year}-0${MONTH.month}`;
    for (const time of all.timeMs) {
      if (localDate(time).slice(0, 7) !== month) expect.fail(localDate(time));
    }
  });

  it("stay inside the cell that they report from", () => {
    for (let row = 0; row < all.user.length; row += 10) {
      const hash = cellHash(region.cells, cellAt(row));
      expect(latLngToCell(all.lat[row]!, all.lng[row]!, 8)).toBe(hash);
    }
  });

  it("travel no faster than the fastest train", () => {
    const speeds = steps().flatMap(({ km, hours }) => (km > 2 ? [km / hours] : []));
    expect(quantile(speeds, 1)).toBeLessThan(320);
    expect(quantile(speeds, 0.5)).toBeGreaterThan(5);
  });

  it("make many short jumps and few long ones", () => {
    const jumps = steps().map(({ km }) => km);
    expect(quantile(jumps, 0.5)).toBeGreaterThan(2);
    expect(quantile(jumps, 0.5)).toBeLessThan(8);
    expect(quantile(jumps, 0.99)).toBeGreaterThan(4 * quantile(jumps, 0.5)); // the region ends at 75 km
  });

  it("range over a few or over many kilometres", () => {
    const radii = rows.map((own) => {
      const lat = mean(own.map((row) => all.lat[row]!));
      const lng = mean(own.map((row) => all.lng[row]!));
      return Math.sqrt(
        mean(own.map((row) => planeKm(lat, lng, all.lat[row]!, all.lng[row]!) ** 2)),
      );
    });
    expect(quantile(radii, 0.1)).toBeLessThan(10);
    expect(quantile(radii, 0.9)).toBeGreaterThan(20);
  });

  it("come back to known places but keep finding new ones", () => {
    const shares = rows.map((own) => new Set(own.map(cellAt)).size / own.length);
    expect(mean(shares)).toBeGreaterThan(0.4);
    expect(mean(shares)).toBeLessThan(0.85);
  });

  it("cross borders of prefectures mostly on weekends and holidays", () => {
    const count = { off: 0, week: 0 };
    const travellers = rows.filter((own) => {
      const crossings = own
        .slice(1)
        .filter((row) => region.prefecture[cellAt(row)] !== region.prefecture[cellAt(row - 1)]);
      const off = crossings.filter((row) => isOffDay(all.timeMs[row]!));
      count.off += off.length;
      count.week += crossings.length - off.length;
      return off.length > 0;
    });
    // 11 of 31 days are off: 0.35 would be chance
    expect(count.off / (count.off + count.week)).toBeGreaterThan(0.5);
    expect(travellers.length / RESIDENTS).toBeGreaterThan(0.25);
    expect(travellers.length / RESIDENTS).toBeLessThan(0.7);
  });
});
