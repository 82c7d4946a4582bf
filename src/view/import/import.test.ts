import { createElement, type ComponentType } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Ledger } from "../../core/data/ledger";
import type { FilePreview } from "../../core/data/read/source";
import { stemOf } from "../save-file";
import { paceOf } from "../use-pace";
import { FileList } from "./FileList";
import { formatSpan } from "./DataReport";
import { fallsOf, LedgerWaterfall, LossLines } from "./LedgerWaterfall";
import { hideFew } from "./PrivateCoverage";
import { changeRead, columnsOf, giveRole } from "./read-change";
import { YourData } from "./YourData";

/** The text of a component, tags replaced by spaces. */
function textOf<Props extends object>(component: ComponentType<Props>, props: Props): string {
  return renderToStaticMarkup(createElement(component, props))
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

const LEDGER: Ledger = {
  rowsRead: 110,
  rejected: [{ reason: "no user", count: 10, firstLines: [3] }],
  rules: [
    { rule: "points that can be used", points: 100, users: 9 },
    { rule: "one check-in", checkIns: 60, users: 9 },
    { rule: "at least 10", checkIns: 20, trajectories: 4, users: 3 },
  ],
};

test("each bar falls from the last rule that counted the same thing", () => {
  expect(fallsOf(LEDGER, "users")).toEqual([
    { rule: "points that can be used", before: 9, after: 9 },
    { rule: "one check-in", before: 9, after: 9 },
    { rule: "at least 10", before: 9, after: 3 },
  ]);
  expect(fallsOf(LEDGER, "checkIns").at(-1)).toEqual({
    rule: "at least 10",
    before: 60,
    after: 20,
  });
  const text = textOf(LedgerWaterfall, { ledger: LEDGER });
  expect(text).toContain("rows that can be used 100 −10 (9.1%)");
  expect(text).toContain("at least 10 20 −40 (66.7%)");
});

test("a loud line for what more than half of is lost, and none where all is well", () => {
  const text = textOf(LossLines, { ledger: LEDGER });
  expect(text).toContain("Over half of the check-ins are lost: 40 of 60 (66.7%)");
  expect(text).not.toContain("half of the rows");
  expect(textOf(LossLines, { ledger: { ...LEDGER, rules: [] } })).toBe("");
});

test("cells of fewer than k people have no value, and the legend's numbers say how many", () => {
  const hidden = hideFew(Float32Array.of(8, 4, 88), Uint32Array.of(5, 4, 30), 5);
  expect(Array.from(hidden.shown)).toEqual([8, NaN, 88]);
  expect(hidden).toMatchObject({ hiddenCells: 1, hiddenShare: 0.04 });
  expect(hideFew(Float32Array.of(8), Uint32Array.of(1), 1).hiddenCells).toBe(0);
});

const guess = (value: string) => ({ value, why: "its name" });
const PREVIEW: FilePreview = {
  path: "a.csv",
  bytes: 12,
  format: guess("csv"),
  columns: ["who", "t", "y", "x"],
  rows: [],
  roles: { user: undefined, time: guess("t"), lat: guess("y"), lng: guess("x") },
  points: [],
  warnings: [],
  looksSwapped: false,
};

test("a column that is given a role takes it from the others, and can be freed again", () => {
  const columns = giveRole({}, "who", "user");
  expect(columnsOf(PREVIEW, { columns })).toEqual({ user: "who", time: "t", lat: "y", lng: "x" });
  expect(giveRole({ columns: { user: "who" } }, "t", "user")).toEqual({ user: "t" });
  expect(giveRole({ columns: { user: "who" } }, "who", undefined)).toBeUndefined();
  expect(changeRead({ zone: "UTC" }, { zone: undefined, swapped: true })).toEqual({
    swapped: true,
  });
});

test("every file says what it is, or why it cannot be read", () => {
  const broken = { ...PREVIEW, path: "b.csv", problem: "b.csv is empty" };
  const text = textOf(FileList, {
    previews: [{ ...PREVIEW, alike: 7 }, broken],
    titles: new Map([["csv", "Table as text"]]),
    chosen: 0,
    onChoose: () => undefined,
  });
  expect(text).toContain("a.csv 12 B · Table as text · and 7 more files like it can be read");
  expect(text).toContain("b.csv is empty");
});

test("what is stored is listed with its size, and a browser without a storage says so", () => {
  const nothing = () => undefined;
  const on = {
    isEmptied: false,
    onOpen: nothing,
    onDownload: nothing,
    onRemove: nothing,
    onRemoveAll: nothing,
    onPersist: nothing,
  };
  const counts = { users: 1, checkIns: 20, trajectories: 3 };
  const set = { id: "a", name: "walks", bytes: 2e6, savedMs: 0, counts };
  const room = { used: 2e6, quota: 1e10, isPersistent: false };
  const text = textOf(YourData, { ...on, data: { hasStorage: true, sets: [set], room } });
  expect(text).toContain("walks 1 person · 20 check-ins · 3 trajectories · 2.0 MB");
  expect(text).toContain("2.0 MB used of the 10.0 GB");
  const none = { hasStorage: false, sets: [], room: undefined };
  expect(textOf(YourData, { ...on, data: none })).toContain("gone when the tab is closed");
});

test("spans, names of downloads and rows a second", () => {
  expect([0, 45, 300, 10_800, 604_800].map(formatSpan)).toEqual([
    "0 s",
    "45 s",
    "5 min",
    "3 h",
    "7 days",
  ]);
  expect(["checkins.csv.gz", "Geolife sample.zip", "東京.csv", ".csv"].map(stemOf)).toEqual([
    "checkins",
    "Geolife-sample",
    "東京",
    "data",
  ]);
  const report = { phase: "read", done: 500, total: 1000, unit: "bytes" };
  const start = { phase: "read", atMs: 0, done: 0, also: 0 };
  expect(paceOf({ ...report, also: { done: 40, unit: "rows" } }, start, 1000)).toEqual({
    ratePerSecond: 40,
    unit: "rows",
    secondsLeft: 1,
  });
});
