import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNpy } from "../../core/data/columnar/npy";
import { createRandom } from "../../core/random";
import { ROOT } from "../root";

const folder = mkdtempSync(join(tmpdir(), "footfall-pretrain-"));
const data = join(folder, "tokens");
const V = 40;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Shards of people who go round a few places. */
function writeShards(): void {
  mkdirSync(join(data, "tokens"), { recursive: true });
  const splits: Record<string, object> = {};
  for (const [split, rows] of Object.entries({ train: 48, validation: 8, test: 8 })) {
    const random = createRandom(1, split);
    const [tokens, starts, offsets]: [number[], number[], number[]] = [[], [], [0]];
    for (let row = 0; row < rows; row++) {
      const first = random.integer(7);
      for (let n = random.integer(8) + 4; n > 0; n--) {
        tokens.push(5 + first, 12 + ((4 * first + (n % 3)) % 28));
        starts.push(1, 0);
      }
      offsets.push(tokens.length);
    }
    const write = (kind: string, values: Uint16Array | Uint8Array | Uint32Array): void =>
      writeFileSync(join(data, "tokens", `${split}-00000.${kind}.npy`), writeNpy(values));
    write("tokens", Uint16Array.from(tokens));
    write("starts", Uint8Array.from(starts));
    write("offsets", Uint32Array.from(offsets));
    splits[split] = { shards: [`${split}-00000`], trajectories: rows };
  }
  const report = { tokens: { vocabularySize: V, splits } };
  writeFileSync(join(data, "report.json"), JSON.stringify(report));
}

const MODEL = ["--layers", "2", "--width", "16", "--heads", "2", "--inner-width", "32"];
const SMALL = [...MODEL, "--max-length", "24", "--batch", "8", "--learning-rate", "0.01"];

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

function footfall(...args: string[]): Ran {
  const command = [join(ROOT, "src/cli/footfall.mjs"), ...args];
  return spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
}

const train = (out: string, ...args: string[]): Ran =>
  footfall("pretrain", "--data", data, "--out", out, ...SMALL, ...args);

const read = (...path: string[]): Uint8Array => new Uint8Array(readFileSync(join(folder, ...path)));

beforeAll(writeShards);

describe("footfall pretrain", () => {
  test("writes a model folder, its log and what it goes on from", () => {
    const ran = train("run", "--steps", "30", "--validations", "3", "--json");
    expect(ran.status, ran.stderr).toBe(0);
    const report = JSON.parse(ran.stdout) as Record<string, Record<string, number>>;
    expect(report["validation"]!["perplexity"]).toBeLessThan(
      report["initial"]!["perplexity"]! * 0.8,
    );
    expect(Math.abs(Math.log(report["initial"]!["perplexity"]! / V))).toBeLessThan(0.1);
    expect(report["baselines"]).toHaveProperty("persistence.cellPerplexity");
    const files = readdirSync(join(folder, "run")).sort();
    expect(files).toEqual([
      "README.md",
      "best",
      "checkpoint-30.safetensors",
      "checkpoint.json",
      "config.json",
      "model.safetensors",
      "training.jsonl",
    ]);
    const config = JSON.parse(readFileSync(join(folder, "run", "config.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(config).toMatchObject({ vocab_size: V, footfall: { steps: 30, recipe: { batch: 8 } } });
    const log = readFileSync(join(folder, "run", "training.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(log.filter((line) => line.includes('"validation"'))).toHaveLength(4);
  });

  test("goes on after it was stopped, and ends with the same bytes", async () => {
    const args = [
      "--data",
      data,
      "--out",
      "stopped",
      ...SMALL,
      "--steps",
      "1500",
      "--validations",
      "1",
    ];
    const main = join(ROOT, "src/cli/footfall.mjs");
    const child = spawn(process.execPath, [main, "pretrain", ...args], { cwd: folder });
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("step 60:") && !child.killed) child.kill("SIGINT");
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
    const state = JSON.parse(readFileSync(join(folder, "stopped", "checkpoint.json"), "utf8")) as {
      step: number;
    };
    expect(state.step).toBeGreaterThanOrEqual(60);
    expect(state.step).toBeLessThan(1500);
    const resumed = footfall(
      "pretrain",
      "--data",
      data,
      "--out",
      "stopped",
      "--resume",
      "--validations",
      "1",
    );
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(train("whole", "--steps", "1500", "--validations", "1").status).toBe(0);
    expect(read("stopped", "model.safetensors")).toEqual(read("whole", "model.safetensors"));
    expect(read("stopped", "checkpoint-1500.safetensors")).toEqual(
      read("whole", "checkpoint-1500.safetensors"),
    );
  });

  test.each([
    [["--steps", "5", "--minutes", "1"], "expected one of --steps, --minutes and --epochs"],
    [["--preset", "huge"], "--preset huge: expected tiny, small, base"],
    [
      ["--batch", "49"],
      "48 training trajectories do not fill one step of 49; choose a smaller batch",
    ],
    [["--mask-rate", "1.5"], "maskRate is 1.5; expected a number from 0.001 to 1"],
    [["--heads", "3"], "a width of 16 cannot be shared by 3 heads"],
    [["--resume"], "has no checkpoint.json to resume from"],
    [["--layers", "96", "--width", "4096", "--heads", "32"], "this model cannot be trained here"],
  ])("refuses %j in one line and leaves nothing", (args, sentence) => {
    const ran = footfall("pretrain", "--data", data, "--out", "refused", ...SMALL, ...args);
    expect(ran.stderr.trim().split("\n").at(-1)).toContain(sentence);
    expect(ran.status).not.toBe(0);
    expect(existsSync(join(folder, "refused"))).toBe(false);
  });

  test("goes on in other passes of the same steps, and in no others", () => {
    const goOn = (...passes: string[]) =>
      footfall("pretrain", "--data", data, "--out", "run", "--resume", ...passes);
    expect(goOn("--batch", "4", "--accumulation", "2").status).toBe(0);
    const { status, stderr } = goOn("--batch", "4", "--accumulation", "1");
    expect(stderr).toContain("the checkpoint was made with the config");
    expect(status).toBe(2);
  });

  test("does not write over a run", () => {
    expect(train("run", "--steps", "3").stderr).toContain(
      "run holds a run already; --resume goes on",
    );
  });
});
