import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pythonWithTorch } from "../scripts/python.mjs";
import { readNpy, type Npy } from "../src/core/data/columnar/npy";

const ROOT = join(import.meta.dirname, "..");
const TOLERANCE = 1e-4; // float32 on both sides, sums in other orders
const folder = mkdtempSync(join(tmpdir(), "footfall-pretrain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWithTorch();

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
}

/** Synthetic shards, and logits of a model folder, by scale/'s PyTorch. */
const WRITE_SHARDS = `
import sys
sys.path.insert(0, "scale")
from synthetic import write_shards
write_shards(sys.argv[1])
`;
const SCORE = `
import json, sys
sys.path.insert(0, "scale")
import numpy as np, torch
from folder import read_model
model = read_model(sys.argv[1])
ids = torch.tensor(json.load(open(sys.argv[2])))
np.save(sys.argv[3], model.logits(model.hidden(ids)[-1]).detach().numpy())
`;

const readValues = (path: string): Npy => readNpy(new Uint8Array(readFileSync(path)));
const MODEL = "--layers 2 --width 32 --heads 4 --inner-width 64 --max-length 32 --batch 8".split(
  " ",
);
const ROWS = [
  [2, 6, 9, 4, 4, 9, 10, 3],
  [2, 4, 4, 3, 0, 0, 0, 0],
];

// where PyTorch is missing npm test counts the tests of scale/ as skipped, and this one with them
test.skipIf(python === undefined)(
  "a model that footfall pretrain made has the same logits in PyTorch",
  () => {
    const [data, model, ids] = ["shards", "run", "ids.json"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    run(python!, ["-c", WRITE_SHARDS, data]);
    const footfall = (...args: string[]): void =>
      run(process.execPath, ["src/cli/footfall.mjs", ...args]);
    footfall("pretrain", "--data", data, "--out", model, ...MODEL, "--steps", "20");
    writeFileSync(ids, JSON.stringify(ROWS));
    const out = join(folder, "forward");
    footfall("forward", "--model", model, "--input", ids, "--out", out);
    const expected = join(folder, "logits.npy");
    run(python!, ["-c", SCORE, model, ids, expected]);
    const [found, wanted] = [readValues(join(out, "logits.npy")), readValues(expected)];
    expect(found.shape).toEqual(wanted.shape);
    const V = found.shape[2]!;
    const tokens = ROWS.flat();
    found.values.forEach((value, n) => {
      if (tokens[Math.floor(n / V)] === 0) return; // what stands at padding means nothing
      expect(Math.abs(value - wanted.values[n]!)).toBeLessThan(TOLERANCE);
    });
  },
  120_000,
);
