import { afterEach, expect, test, vi } from "vitest";
import { createPace, type Pace } from "../pace";
import { SleepWatch } from "./sleep";

afterEach(() => vi.restoreAllMocks());

/** Both clocks as they are, and how far each was put forward. */
function moveClocks() {
  const ahead = { wallMs: 0, ranMs: 0 };
  const [now, ran] = [Date.now.bind(Date), performance.now.bind(performance)];
  vi.spyOn(Date, "now").mockImplementation(() => now() + ahead.wallMs);
  vi.spyOn(performance, "now").mockImplementation(() => ran() + ahead.ranMs);
  return (wallMs: number, ranMs: number): void => {
    ahead.wallMs += wallMs;
    ahead.ranMs += ranMs;
  };
}

/** A pace whose rests last as `during` says. */
function restWith(during: () => void): Pace {
  const pace = createPace();
  const rest = async (): Promise<void> => {
    during();
    await pace.rest();
  };
  return { due: () => pace.due(), rest };
}

test("a frozen tab is a rest that does not end: both clocks went on", async () => {
  const move = moveClocks();
  const watch = new SleepWatch(restWith(() => move(60_000, 60_000)));
  await watch.rest();
  const slept = watch.take()!;
  expect(slept.ms).toBeGreaterThanOrEqual(60_000);
  expect(slept.ms).toBeLessThan(61_000);
  expect(slept.countedMs).toBe(slept.ms);
  expect(watch.take()).toBeUndefined();
});

test("a computer that slept in the middle of work: the machine's clock stood still, or went on", () => {
  const move = moveClocks();
  const watch = new SleepWatch(createPace());
  move(600_000, 0);
  watch.due();
  expect(watch.take()).toMatchObject({ countedMs: 0 });
  move(600_000, 600_000);
  watch.due();
  expect(watch.take()!.countedMs).toBeGreaterThanOrEqual(600_000);
});

test("who has looked often knows a short sleep in the middle of work too", () => {
  const move = moveClocks();
  const watch = new SleepWatch(createPace());
  for (let look = 0; look < 300; look++) watch.due();
  move(400, 400); // a long step
  watch.due();
  move(20_000, 20_000);
  watch.due();
  expect(watch.take()!.countedMs).toBeGreaterThanOrEqual(20_000);
  move(9_000, 9_000);
  watch.due();
  expect(watch.take()).toBeUndefined();
});

test("work of a minute, short rests and a clock that is put right are no sleep", async () => {
  const move = moveClocks();
  const watch = new SleepWatch(restWith(() => move(900, 900)));
  move(60_000, 60_000);
  await watch.rest();
  move(-3_600_000, 0); // the wall's clock is set back
  await watch.rest();
  expect(watch.take()).toBeUndefined();
});
