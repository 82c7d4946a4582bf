import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWalkers } from "../../core/job/pretrain.testing";
import { ROOT } from "../root";

const folder = mkdtempSync(join(tmpdir(), "footfall-sweep-"));
const data = join(folder, "walkers");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(data);
  for (const { path, blob } of makeWalkers(60)) {
    writeFileSync(join(data, path), new Uint8Array(await blob.arrayBuffer()));
  }
});

const MODEL = ["--layers", "1", "--width", "16", "--heads", "2", "--inner-width", "32"];
const TINY = [...MODEL, "--max-length", "32", "--batch", "4"];
const SCRIPT = join(ROOT, "src/cli/footfall.mjs");

function footfall(...args: string[]) {
  const command = [SCRIPT, "sweep", "--data", data, ...TINY, ...args];
  return spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
}

const readReport = (out: string) =>
  JSON.parse(readFileSync(join(folder, out, "report.json"), "utf8")) as {
    runs: { setting: string; seconds: number; curve: unknown[] }[];
  };

describe("footfall sweep", () => {
  test("writes a report of all tokenisers, and the same document on stdout", () => {
    const args = ["--over", "tokeniser", "--steps", "10", "--out", "all", "--json"];
    const { status, stdout, stderr } = footfall(...args);
    expect(stderr).toMatch(/3 runs of 10 steps, about/);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(readReport("all"));
    const text = readFileSync(join(folder, "all", "report.md"), "utf8");
    expect(text).toMatch(/^\| 5\\\|3 \| /m);
    expect(readdirSync(join(folder, "all")).toSorted()).toEqual([
      "report.json",
      "report.md",
      "results.json",
      "sweep.json",
    ]);
  });

  test("is stopped in the middle and goes on to the same numbers", async () => {
    const args = ["--over", "mask-ratio", "--steps", "400"];
    const command = [SCRIPT, "sweep", "--data", data, ...TINY, ...args, "--out", "parted"];
    const child = spawn(process.execPath, command, { cwd: folder });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on("data", (text: Buffer) => {
        if (String(text).includes("10 %, seed 123")) resolve(); // the first run is done
      });
    });
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readReport("parted").runs.length).toBeLessThan(3); // what there is can be used
    expect(footfall(...args, "--out", "parted").status).toBe(2);
    expect(footfall(...args, "--out", "parted", "--resume").status).toBe(0);
    expect(footfall(...args, "--out", "whole").status).toBe(0);
    const curves = (out: string) => readReport(out).runs.map(({ curve }) => curve);
    expect(curves("parted")).toEqual(curves("whole"));
  });

  test("sets sizes of one's own choice side by side, with what they cost", () => {
    const args = ["--over", "size", "--values", "1x8,1x16,2x32", "--steps", "10", "--out", "sizes"];
    expect(footfall(...args, "--no-scores").status).toBe(0);
    const { ladder } = readReport("sizes") as unknown as { ladder: { rungs: { name: string }[] } };
    expect(ladder.rungs.map(({ name }) => name)).toEqual(["1 × 8", "1 × 16", "2 × 32"]);
    const text = readFileSync(join(folder, "sizes", "report.md"), "utf8");
    expect(text).toMatch(/an extrapolation over|no curve is drawn/);
  });

  test("says what is missing or too little", () => {
    expect(footfall("--out", "x").stderr).toContain("--over is missing; expected resolution");
    expect(footfall("--over", "data", "--out", "x", "--resume").stderr).toContain(
      "has no sweep.json to resume from",
    );
    const sizes = footfall("--over", "size", "--values", "1x8,2y8", "--out", "z").stderr;
    expect(sizes).toContain("2y8 is no value of a sweep over size; expected layers x width");
    const args = ["--over", "mask-ratio", "--minutes", "0.01", "--seeds", "10", "--out", "y"];
    expect(footfall(...args, "--hours", "1").stderr).toContain("one of --steps, --minutes and");
    const { status, stderr } = footfall(...args);
    expect(stderr).toMatch(/minutes hold \d steps .* teach nothing/);
    expect(status).toBe(2);
  });
});
