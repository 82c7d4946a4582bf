import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readNpy, type Npy } from "../src/core/data/columnar/npy";
import { pythonWithTorch } from "../scripts/python.mjs";

const ROOT = join(import.meta.dirname, "..");
const TOLERANCE = 1e-4; // what the issue of the first release asks of every engine
const folder = mkdtempSync(join(tmpdir(), "footfall-scale-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWithTorch();

function run(command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

const readValues = (path: string): Npy => readNpy(new Uint8Array(readFileSync(path)));

// where PyTorch is missing npm test counts the tests of scale/ as skipped, and this one with them
test.skipIf(python === undefined)(
  "two processes train a model whose scores are the same in TypeScript",
  () => {
    run(python!, ["scale/smoke.py", "--out", folder]);
    const args = ["--model", join(folder, "model"), "--input", join(folder, "ids.json")];
    const out = join(folder, "forward");
    run(process.execPath, [
      "src/cli/footfall.mjs",
      "forward",
      ...args,
      "--backend",
      "wasm",
      "--out",
      out,
    ]);
    for (const name of ["hidden.npy", "logits.npy"]) {
      const expected = readValues(join(folder, name));
      const found = readValues(join(out, name));
      expect(found.shape).toEqual(expected.shape);
      let largest = 0;
      for (let i = 0; i < expected.values.length; i++) {
        largest = Math.max(largest, Math.abs(Number(found.values[i]) - Number(expected.values[i])));
      }
      expect(largest, name).toBeLessThan(TOLERANCE);
    }
  },
  120_000,
);
