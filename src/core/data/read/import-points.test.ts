import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { finish, type Progress } from "../../pace";
import { findFormat, POINT_FORMATS } from "./formats";
import { asFile } from "./formats/reading.testing";
import { importPoints, inspectFiles } from "./import-points";
import type { PointSink } from "./source";

const table = (user: string, rows = 2): string => {
  const lines = Array.from({ length: rows }, (_, i) => `${user},${1333454400 + i},35,139`);
  return ["user,t,lat,lng", ...lines, ""].join("\n");
};
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Users in the order in which they came. */
class Users implements PointSink {
  readonly users: string[] = [];
  readonly files: string[] = [];
  readonly rejected: string[] = [];

  beginFile = (path: string) => void this.files.push(path);
  add = ({ user }: { user: string }) => void this.users.push(user);
  reject = (reason: string) => void this.rejected.push(reason);
  label = () => undefined;
}

async function run(files: Parameters<typeof importPoints>[0], signal?: AbortSignal) {
  const sink = new Users();
  const progress: Progress[] = [];
  const work = importPoints(files, {}, sink, signal);
  for (;;) {
    const { done, value } = await work.next();
    if (done) return { sink, progress, facts: value };
    progress.push(value);
  }
}

describe("importPoints", () => {
  it("reads files, zips and formats together, and reports the broken ones", async () => {
    const zip = zipSync({ "a/b.csv": bytesOf(table("b")), "a/note.txt": bytesOf("hello\nyou\n") });
    const { sink, facts } = await run([
      asFile("a.csv", table("a")),
      asFile("all.zip", zip),
      asFile("empty.csv", ""),
      asFile("c.json", JSON.stringify([{ user: "c", t: 1333454400, lat: 35, lng: 139 }])),
    ]);
    expect(sink.users).toEqual(["a", "a", "b", "b", "c"]);
    expect(sink.files).toEqual(["a.csv", "all.zip/a/b.csv", "c.json"]);
    expect(facts.map(({ path, format, rows, problem }) => [path, format, rows, problem])).toEqual([
      ["a.csv", "csv", 2, undefined],
      ["all.zip/a/b.csv", "csv", 2, undefined],
      ["all.zip/a/note.txt", "csv", 0, expect.stringContaining("has no column for the user")],
      ["empty.csv", "csv", 0, "empty.csv is empty"],
      ["c.json", "ndjson", 1, undefined],
    ]);
  });

  it("counts bytes of all files, upward to their sum", async () => {
    const files = ["a", "b"].map((name) => asFile(`${name}.csv`, table(name, 400_000)));
    const total = files[0]!.blob.size + files[1]!.blob.size;
    const { progress } = await run(files);
    expect(progress.length).toBeGreaterThan(2);
    expect(progress.every((report) => report.total === total && report.unit === "bytes")).toBe(
      true,
    );
    const done = progress.map((report) => report.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBeLessThanOrEqual(total);
  });

  it("stops in the middle of a file", async () => {
    const controller = new AbortController();
    const work = importPoints(
      [asFile("a.csv", table("a", 400_000))],
      {},
      new Users(),
      controller.signal,
    );
    await work.next();
    controller.abort();
    await expect(finish(work)).rejects.toMatchObject({ code: "stopped" });
  });

  it("throws the reason where no file can be read", async () => {
    await expect(run([asFile("a.csv", "")])).rejects.toThrow(/^a.csv is empty$/);
    await expect(run([asFile("a.csv", ""), asFile("b.csv", "\0\0\0\0")])).rejects.toThrow(
      "none of the 2 files can be read; the first one: a.csv is empty",
    );
    await expect(run([])).rejects.toMatchObject({ code: "bad-file" });
  });
});

describe("inspectFiles", () => {
  it("shows every file, a broken one with its reason", async () => {
    const previews = await inspectFiles([asFile("a.csv", table("a")), asFile("b.csv", "")]);
    expect(previews.map(({ path, problem }) => [path, problem])).toEqual([
      ["a.csv", undefined],
      ["b.csv", "b.csv is empty"],
    ]);
    expect(previews[0]!.points.length).toBe(2);
    await expect(inspectFiles([asFile("b.csv", "")])).rejects.toThrow("b.csv is empty");
  });

  it("looks at the first ones of many files and counts the others", async () => {
    const many = Array.from({ length: 30 }, (_, i) => asFile(`${i}.csv`, table("a")));
    const previews = await inspectFiles([...many, asFile("x.tsv", table("x"))]);
    expect(previews.map(({ path, alike }) => [path, alike])).toEqual([
      ["0.csv", 27],
      ["1.csv", 0],
      ["2.csv", 0],
      ["x.tsv", 0],
    ]);
  });
});

describe("findFormat", () => {
  it("takes the chosen format, or says which there are", () => {
    expect(findFormat("x", new Uint8Array(0), "csv").id).toBe("csv");
    expect(() => findFormat("x", new Uint8Array(0), "xls")).toThrow(
      /^no format is called "xls"; expected one of parquet, arrow, /,
    );
  });

  it("says what a file is that nothing reads", () => {
    const png = Uint8Array.from("\u0089PNG\r\n\u001a\n", (mark) => mark.charCodeAt(0));
    expect(() => findFormat("x.csv", png)).toThrow(/^x.csv is a PNG picture; expected a table/);
  });

  it("has a different id for each format", () => {
    expect(new Set(POINT_FORMATS.map(({ id }) => id)).size).toBe(POINT_FORMATS.length);
  });
});
