import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWalkers } from "../../core/job/pretrain.testing";
import { readResults } from "../../core/papers/results";
import { ROOT } from "../root";

const folder = mkdtempSync(join(tmpdir(), "footfall-experiment-"));
const data = join(folder, "walkers");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(data);
  for (const { path, blob } of makeWalkers(300)) {
    writeFileSync(join(data, path), new Uint8Array(await blob.arrayBuffer()));
  }
});

const SCRIPT = join(ROOT, "src/cli/footfall.mjs");
const footfall = (...args: string[]) =>
  spawnSync(process.execPath, [SCRIPT, "experiment", ...args], { cwd: folder, encoding: "utf8" });

const SHORT = ["--tokens", data, "--seeds", "1", "--count", "60", "--steps", "10", "--out", "out"];

describe("footfall experiment", () => {
  test("writes parts, a report and results for the verdict, and takes them over the next time", () => {
    const first = footfall("tokens", ...SHORT, "--json");
    expect(first.stderr).toMatch(/tokens: 4 parts, about \d+ s/);
    expect(first.status).toBe(0);
    expect(readdirSync(join(folder, "out")).toSorted()).toEqual([
      "experiment-tokens.json",
      "report.md",
      "results.json",
    ]);
    const report = readFileSync(join(folder, "out", "report.md"), "utf8");
    expect(report).toMatch(/^Read: data walkers, SHA-256 [0-9a-f]{16}\./);
    expect(report).toContain("4 of 4 parts");
    expect(report).toContain("Left out: Geographic location");
    const results = readFileSync(join(folder, "out", "results.json"), "utf8");
    expect(readResults(results, "results.json").about).toContain("gain by the tokens");

    const again = footfall("tokens", ...SHORT, "--json");
    expect(again.stderr).toMatch(/tokens: 0 more parts/);
    const readingsOf = ({ stdout }: typeof first): unknown =>
      (JSON.parse(stdout) as { experiments: { outcomes: unknown }[] }).experiments[0]!.outcomes;
    expect(readingsOf(again)).toEqual(readingsOf(first));
  }, 120_000);

  test("says which experiments there are, and which need a model", () => {
    const unknown = footfall("fame", ...SHORT);
    expect(unknown.status).not.toBe(0);
    expect(unknown.stderr).toContain('"fame" is no experiment; expected order, noise, rare');
    expect(footfall("order", ...SHORT).stderr).toContain(
      '--model is missing: "order" asks a model',
    );
  }, 60_000);
});
