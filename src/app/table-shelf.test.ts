import { afterEach, expect, test, vi } from "vitest";
import type { KeptTable } from "../view/page-context";
import { createTableShelf, type StoredTables } from "./table-shelf";

afterEach(() => vi.useRealTimers());

const tableOf = (name: string, savedMs: number): KeptTable =>
  ({ name, data: "d", model: "m", savedMs, table: {} }) as KeptTable;

/** A store that notes what is written; it may be full. */
function createStore(): StoredTables & { written: [string, number][]; isFull: boolean } {
  const store = {
    written: [] as [string, number][],
    isFull: false,
    listTables: () => Promise.resolve([]),
    async writeTable({ name, savedMs }: KeptTable) {
      await Promise.resolve();
      if (store.isFull) throw new Error("no room");
      store.written.push([name, savedMs]);
    },
    removeTable: () => Promise.resolve(),
  };
  return store;
}

test("a table that comes at any moment of another's writing is written", async () => {
  for (let turns = 0; turns < 20; turns++) {
    const store = createStore();
    const shelf = createTableShelf(() => Promise.resolve(store));
    const first = shelf.write(tableOf("a", 1));
    for (let n = 0; n < turns; n++) await Promise.resolve();
    const second = shelf.write(tableOf("b", 2));
    await Promise.all([first, second]);
    expect(store.written).toContainEqual(["b", 2]);
  }
});

test("of several of one name that wait the last is written", async () => {
  const store = createStore();
  const shelf = createTableShelf(() => Promise.resolve(store));
  await Promise.all([1, 2, 3].map((n) => shelf.write(tableOf("a", n))));
  expect(store.written.at(-1)).toEqual(["a", 3]);
});

test("what finds no room is told, and written when there is some, the newest alone", async () => {
  vi.useFakeTimers();
  const store = createStore();
  const shelf = createTableShelf(() => Promise.resolve(store));
  let told = 0;
  shelf.watch(() => told++);
  store.isFull = true;
  await expect(shelf.write(tableOf("a", 1))).rejects.toThrow("no room");
  await expect(shelf.write(tableOf("a", 2))).rejects.toThrow("no room");
  await vi.advanceTimersByTimeAsync(10_000);
  expect([store.written, told]).toEqual([[], 0]);
  store.isFull = false;
  await vi.advanceTimersByTimeAsync(3000);
  expect([store.written, told]).toEqual([[["a", 2]], 1]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(store.written).toHaveLength(1);
});
