import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, it } from "vitest";
import { readNpy } from "../core/data/columnar/npy";
import { A, B, C } from "../core/data/fixtures.testing";
import { cellToLatLng } from "h3-js";
import { readTokeniser } from "../core/token/read-tokeniser";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SHARED = join(ROOT, "../shared/data");
const folder = mkdtempSync(join(tmpdir(), "footfall-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

function footfall(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const command = [join(ROOT, "src/cli/footfall.mjs"), ...args];
    execFile(process.execPath, command, { cwd: folder }, (error, stdout, stderr) => {
      const status = error ? Number(error.code ?? 1) : 0;
      resolve({ status, stdout, stderr });
    });
  });
}

interface Report {
  users: number;
  cells: number;
  trajectories: number;
  clocks: { user: string; points: number; from: string }[];
  ledger: {
    rowsRead: number;
    rejected: { reason: string; count: number; firstLines: number[] }[];
    rules: { rule: string; points?: number; checkIns?: number; trajectories?: number }[];
  };
  tokens: {
    vocabularySize: number;
    extras?: object;
    splits: Record<
      string,
      { shards: string[]; trajectories: number; tokens: number; cells: number }
    >;
  };
}

function readReport(out: string): Report {
  return JSON.parse(readFileSync(join(folder, out, "report.json"), "utf8")) as Report;
}

/** Twelve users who go round A, B and C, and one who stays. */
function writeCsv(name: string): void {
  const rows = ["user,t,lat,lon"];
  for (let u = 0; u < 13; u++) {
    for (let i = 0; i < 12; i++) {
      const cell = u === 12 ? A : [A, B, C][i % 3]!;
      const [lat, lng] = cellToLatLng(cell);
      rows.push(`person ${u},${1.6e9 + i * 3600},${lat},${lng}`);
    }
  }
  rows.push("person 0,never,35,139");
  writeFileSync(join(folder, name), rows.join("\n"));
}

function readShard(out: string, name: string): ArrayLike<number> {
  return readNpy(new Uint8Array(readFileSync(join(folder, out, "tokens", name)))).values;
}

/** The hashes of every trajectory of a split, by way of its tokens. */
function decodeShard(out: string, split: string): (string | undefined)[][] {
  const document: unknown = JSON.parse(readFileSync(join(folder, out, "tokenizer.json"), "utf8"));
  const tokeniser = readTokeniser(document);
  const tokens = Array.from(readShard(out, `${split}-00000.tokens.npy`));
  const starts = readShard(out, `${split}-00000.starts.npy`);
  const offsets = Array.from(readShard(out, `${split}-00000.offsets.npy`));
  return offsets.slice(1).map((end, k) => {
    const places = [...tokens.keys()].slice(offsets[k], end);
    const begins = places.filter((at) => starts[at] === 1);
    return begins.map((at, i) => tokeniser.decode(tokens.slice(at, begins[i + 1] ?? end)));
  });
}

describe("footfall tokenise", () => {
  it("writes tables, shards and a report that agree", async () => {
    writeCsv("points.csv");
    const { status, stdout } = await footfall(
      "tokenise",
      "points.csv",
      "--out",
      "out",
      "--split",
      "trajectory",
      "--json",
    );
    expect(status).toBe(0);
    const report = readReport("out");
    expect(JSON.parse(stdout)).toEqual(report);
    expect(report.ledger).toMatchObject({
      rowsRead: 157,
      rejected: [{ reason: "no time that can be read", count: 1, firstLines: [158] }],
      rules: [
        { points: 156 },
        { checkIns: 156 },
        { trajectories: 13 },
        { trajectories: 13 },
        { rule: "at least 3 distinct cells", trajectories: 12, checkIns: 144 },
      ],
    });
    const splits = Object.entries(report.tokens.splits);
    expect(splits.reduce((sum, [, { trajectories }]) => sum + trajectories, 0)).toBe(12);
    for (const [split, { trajectories, cells }] of splits) {
      const hashes = decodeShard("out", split);
      expect(hashes).toEqual(
        Array.from({ length: trajectories }, () => [A, B, C, A, B, C, A, B, C, A, B, C]),
      );
      expect(cells).toBe(hashes.flat().length);
    }
  });

  it("puts tokens for people and hours behind the pieces; a model learns them and guesses", async () => {
    writeCsv("points.csv");
    const asked = ["--split", "trajectory", "--user-tokens", "3", "--time-tokens"];
    const { status, stdout } = await footfall("tokenise", "points.csv", "--out", "extra", ...asked);
    expect(status).toBe(0);
    expect(stdout).toContain("[USER] to [TIME:Sun23]; rows hold 3.00 tokens a check-in");
    expect(stdout).toContain("knows 3 people by number: whoever has it can ask where they go");
    const { vocabularySize, extras } = readReport("extra").tokens;
    expect(extras).toMatchObject({ users: 3, times: "week", first: vocabularySize - 172 });
    const users = Array.from(readShard("extra", "train-00000.users.npy"));
    expect(users.filter((user) => user > 0).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(decodeShard("extra", "train")[0]).toEqual([A, B, C, A, B, C, A, B, C, A, B, C]);

    const shape = ["--preset", "tiny", "--layers", "1", "--width", "16", "--heads", "2"];
    const size = [...shape, "--inner-width", "16", "--max-length", "32", "--batch", "4"];
    const run = ["pretrain", "--data", "extra", "--out", "extra-run", "--steps", "2", ...size];
    const trained = await footfall(...run);
    expect(trained.stderr).toContain("step 2, validation");
    const month = {
      cells: [A, B, C],
      times: ["2020-09-14T08:00", "2020-09-14T09:10", "2020-09-14T10:20"],
    };
    writeFileSync(join(folder, "month.json"), JSON.stringify(month));
    const question = [
      "--model",
      "extra-run",
      "--trajectory",
      "month.json",
      "--mask",
      "1",
      "--json",
    ];
    const guessed = await footfall("predict", ...question);
    expect(guessed.stderr).not.toContain("times");
    const { truth } = JSON.parse(guessed.stdout) as {
      truth: { cell: string; probability: number };
    };
    expect(truth.cell).toBe(B);
    expect(truth.probability).toBeGreaterThan(0);
  });

  it("writes check-ins with the columns that docs/data.md promises, and hides the users' names", async () => {
    const file = await asyncBufferFromFile(join(folder, "out", "check-ins.parquet"));
    const rows = await parquetReadObjects({ file });
    expect(rows.length).toBe(156);
    expect(Object.keys(rows[0]!)).toEqual(["user", "cell", "start", "end", "points"]);
    expect(rows[0]).toMatchObject({
      cell: A,
      start: new Date(1.6e12),
      end: new Date(1.6e12),
      points: 1,
    });
    expect(new Set(rows.map((row) => /^u\d{6}$/.test(String(row.user))))).toEqual(new Set([true]));
    const text = readFileSync(join(folder, "out", "report.json"), "utf8");
    expect(text).not.toContain("person");
  });

  it("keeps names where a reason is given, and other files of the folder", async () => {
    writeFileSync(join(folder, "out", "notes.txt"), "mine");
    const args = ["--out", "out", "--keep-users", "simulated people"];
    expect((await footfall("tokenise", "points.csv", ...args)).status).toBe(0);
    const file = await asyncBufferFromFile(join(folder, "out", "check-ins.parquet"));
    expect((await parquetReadObjects({ file, rowEnd: 1 }))[0]).toMatchObject({ user: "person 0" });
    expect(readFileSync(join(folder, "out", "notes.txt"), "utf8")).toBe("mine");
  });

  it.each([
    [["missing.csv"], "missing.csv: no such file"],
    [
      ["bad.csv"],
      "bad.csv has no column for the longitude; expected one named lng, lon, longitude or alike, found: user, t, lat, east",
    ],
    [["points.csv", "--resolution", "99"], "--resolution 99: expected a whole number from 0 to 12"],
    [["points.csv", "--tokeniser", "digits:5|2"], "must sum to 3"],
    [
      ["points.csv", "--min-cells", "9"],
      'no trajectory is left after the rule "at least 9 distinct cells"',
    ],
    [["points.csv", "--frobnicate"], "Unknown option '--frobnicate'"],
    [[], "no file given"],
  ])("ends with status 2 and one line for %j, and leaves nothing", async (args, sentence) => {
    writeFileSync(join(folder, "bad.csv"), "user,t,lat,east\n1,2,3,4\n");
    const before = readdirSync(folder);
    const { status, stdout, stderr } = await footfall(
      "tokenise",
      ...args,
      "--out",
      "never",
      "--json",
    );
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.trim().split("\n").at(-1)).toContain(sentence);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("prints the help of a command and the list of commands", async () => {
    const help = await footfall("tokenise", "--help");
    expect(help.stdout).toContain("--window-min N");
    const list = await footfall("--help");
    expect(list.stdout).toMatch(/simulate\s+Writes the points/);
    const unknown = await footfall("tokenize");
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no command "tokenize"'),
    ]);
  });
});

describe("the simulated country", () => {
  it("is tokenised as the files that simulate writes", async () => {
    const few = ["--residents", "60", "--seed", "7"];
    expect((await footfall("simulate", ...few, "--out", "points.csv.gz")).status).toBe(0);
    const own = ["--keep-users", "simulated", "--seed", "7"];
    await footfall("tokenise", "points.csv.gz", "--out", "from-file", ...own);
    await footfall("tokenise", "--country", "small", ...few, "--out", "direct");
    const [fromFile, direct] = [readReport("from-file"), readReport("direct")];
    expect(fromFile.ledger.rules).toEqual(direct.ledger.rules);
    for (const split of ["train", "validation", "test"]) {
      expect(decodeShard("direct", split)).toEqual(decodeShard("from-file", split));
    }
    expect(direct.tokens.vocabularySize).toBeGreaterThan(2500); // all land, not only where they went
  });
});

const realData = existsSync(SHARED);
if (!realData) console.warn("../shared/data is not here: the tests on real people are skipped");

describe.skipIf(!realData)("real people", () => {
  it("tokenises GeoLife, and names the user whose clock stood at 2000", async () => {
    const file = join(SHARED, "geolife/beijing-1min.csv.gz");
    const { status, stderr } = await footfall("tokenise", file, "--out", "beijing");
    expect(status).toBe(0);
    expect(stderr).toMatch(/user 163: \d+ points from 2000-01-01/);
    const report = readReport("beijing");
    expect(report.ledger.rowsRead).toBe(1_060_558);
    expect([report.users, report.cells]).toEqual([179, 9184]);
    expect(report.clocks).toMatchObject([
      { user: expect.stringMatching(/^u\d{6}$/), from: "2000-01-01" },
    ]);
    expect(report.trajectories).toBeGreaterThan(700);
    expect(report.tokens.splits.train!.tokens).toBeGreaterThan(400_000);
  });

  it("tokenises New York's check-ins by their UTC column", async () => {
    const { status } = await footfall(
      "tokenise",
      join(SHARED, "nyc/checkins.csv.gz"),
      "--out",
      "nyc",
    );
    expect(status).toBe(0);
    const report = readReport("nyc");
    expect([report.ledger.rowsRead, report.users, report.cells]).toEqual([147_938, 1083, 998]);
    expect(report.trajectories).toBeGreaterThan(4000);
  });

  it("reports the broken last line of a cut file and reads the rest", async () => {
    const file = join(SHARED, "tokyo/dataset_TSMC2014_TKY-first-1MiB.csv");
    const { status } = await footfall("tokenise", file, "--out", "tokyo");
    expect(status).toBe(0);
    const { ledger } = readReport("tokyo");
    expect(ledger.rules[0]!.points).toBe(8261);
    expect(ledger.rejected).toMatchObject([{ count: 1, firstLines: [8263] }]);
  });
});
