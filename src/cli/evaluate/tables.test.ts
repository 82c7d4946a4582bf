import { spawn } from "node:child_process";
import { once } from "node:events";
import { parquetWriteBuffer } from "hyparquet-writer";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkInColumns, trajectoryColumns } from "../../core/data/columnar/tables";
import { cellHash } from "../../core/geo/cells";
import { toManifest } from "../../core/job/adapt-manifest";
import { runJob, type Job, type ResultOf } from "../../core/jobs";
import { bertConfigToJson, readBertConfig } from "../../core/model/config";
import { openLabelFolder } from "../../core/model/label-folder";
import { initialiseBert } from "../../core/model/parameters";
import { writeSafetensors } from "../../core/model/safetensors";
import { finish } from "../../core/pace";
import { SENSITIVE_INFERENCE } from "../../core/papers/sensitive";
import { makeTaskData, makeWalks } from "../../core/task/tasks/tasks.testing";
import { createDigits } from "../../core/token/digits";
import { command } from "../commands/evaluate";
import { openNodeEngine } from "../engine";
import { ROOT } from "../root";
import type { Results } from "./results-files";
import { readSettings } from "./table-plan";
import { openTableStand, readTablePlan } from "./table-stand";

const CELLS = 469;
const signal = new AbortController().signal;
const { trajectories, cells } = makeTaskData(12, makeWalks(70, 30, CELLS));
let folder = "";

/** A data set as an import leaves it, a model of its vocabulary, and a table of districts. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "footfall-tables-"));
  for (const name of ["data", "model"]) await mkdir(join(folder, name));
  const tokeniser = createDigits({ parents: 5 }, cells);
  const config = readBertConfig({
    model_type: "bert",
    vocab_size: tokeniser.vocabulary.length,
    hidden_size: 8,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 96,
  });
  const firstCheckIn = trajectories.offsets.subarray(0, -1);
  const parts = Uint8Array.from(trajectories.user, (user) => (user < 60 ? 2 : 0));
  const table = (columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]): Uint8Array =>
    new Uint8Array(parquetWriteBuffer({ columnData }));
  const rows = Array.from(
    { length: CELLS },
    (_, n) => `${cellHash(cells, n)},${n < 200 ? "west" : "east"}`,
  );
  const files = {
    "data/check-ins.parquet": table(checkInColumns(trajectories.checkIns)),
    "data/trajectories.parquet": table(trajectoryColumns(trajectories, { firstCheckIn, parts })),
    "data/report.json": "{}",
    "model/config.json": JSON.stringify(bertConfigToJson(config)),
    "model/model.safetensors": writeSafetensors(initialiseBert(config)),
    "model/tokenizer.json": JSON.stringify(tokeniser.toJson()),
    "districts.csv": ["cell,district", ...rows].join("\n"),
    "truths.json": JSON.stringify({ prefecture: { file: "districts.csv" } }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
});
afterAll(() => rm(folder, { recursive: true }));

const notes: string[] = [];
const evaluate = async (changes: Readonly<Record<string, string | true>>) => {
  const where = {
    model: join(folder, "model"),
    tokens: join(folder, "data"),
    out: join(folder, "out"),
  };
  await mkdir(String(changes["out"] ?? where.out), { recursive: true });
  const values = { ...where, seeds: "2", epochs: "1", threads: "1", splits: "random", ...changes };
  return command.run({
    values,
    positionals: [],
    progress: () => {},
    note: (line) => void notes.push(line),
    signal,
  });
};
const readOut = async (name: string): Promise<string> =>
  readFile(join(folder, "out", name), "utf8");

it("fills the tables that the data can have, says why not the others, and goes on", async () => {
  const options = {
    task: "diversity,travel-region,prefecture",
    truths: join(folder, "truths.json"),
    rows: "fine-tuned,constant",
  };
  await evaluate(options);
  const first = JSON.parse(await readOut("results.json")) as {
    tables: Record<string, { runs: unknown[] }>;
  };
  expect(Object.keys(first.tables)).toEqual(["prefecture", "diversity"]);
  expect(first.tables["prefecture"]!.runs).toHaveLength(4);
  const out = join(folder, "none");
  await expect(evaluate({ task: "travel-region", out })).rejects.toThrow(
    /^no table was made; travel-region: .* give a polygon layer of larger districts/,
  );
  const text = await readOut("results.md");
  expect(text).toMatch(/- travel-region: .* give a polygon layer of larger districts/);
  expect(text).toContain("### Prefecture (paper 1, Table 4)");
  expect(text).not.toMatch(/NaN|undefined/);
  notes.length = 0;
  await evaluate(options);
  expect(notes.filter((line) => line.includes("seed 12"))).toEqual([]); // nothing was run again
  expect(JSON.parse(await readOut("results.json"))).toMatchObject({ tables: first.tables });
});

it("fills the table of a manifest again, and says that it came out the same", async () => {
  const truths = join(folder, "truths.json");
  const first = join(folder, "first");
  await evaluate({ task: "prefecture", truths, rows: "constant", out: first });
  const results = JSON.parse(await readFile(join(first, "results.json"), "utf8")) as Results;
  const manifest = join(folder, "manifest.json");
  await writeFile(manifest, JSON.stringify(toManifest(results.tables.prefecture!, undefined)));
  const { lines } = await evaluate({ manifest, truths, out: join(folder, "again") });
  expect(lines.at(-1)).toMatch(/^Manifest: 2 of the manifest’s 2 runs are here, all with the same/);
  await expect(evaluate({ manifest: "none.json", truths })).rejects.toThrow(
    /none.json: no such file/,
  );
});

it("finds the truths of a manifest by their hashes, with their choice, or says which is missing", async () => {
  const folderOf = async (name: string): Promise<string> => {
    await mkdir(join(folder, name));
    return join(folder, name);
  };
  const first = await folderOf("chosen");
  const districts = await readFile(join(folder, "districts.csv"), "utf8");
  const halves = districts
    .split("\n")
    .map((line, n) => `${line},${["half", "a", "b"][n && (n % 2) + 1]}`);
  await writeFile(join(first, "halves.csv"), halves.join("\n"));
  const choice = { kind: "table", column: "half", aggregation: "majority" };
  const truths = join(first, "truths.json");
  await writeFile(truths, JSON.stringify({ prefecture: { file: "halves.csv", choice } }));
  await evaluate({ task: "prefecture", truths, rows: "constant", out: first });
  const { tables } = JSON.parse(await readFile(join(first, "results.json"), "utf8")) as Results;
  const written = JSON.stringify(toManifest(tables.prefecture!, undefined));
  expect(JSON.parse(written)).toMatchObject({
    origin: { truths: { prefecture: { files: ["halves.csv"], choice } } },
  });
  const again = async (place: string, more: object = {}): Promise<string> => {
    const manifest = join(place, "manifest.json");
    await writeFile(manifest, written);
    notes.length = 0;
    const out = join(place, "again");
    const { lines } = await evaluate({ manifest, out, ...more });
    return [...notes, ...lines].filter((line) => line.startsWith("Manifest")).join("\n");
  };
  expect(await again(first)).toMatch(/2 runs are here, all with the same/); // it lies beside

  const renamed = await folderOf("renamed"); // another name, no choice: the hash finds it
  await writeFile(join(renamed, "x.csv"), halves.join("\n"));
  const bare = join(renamed, "truths.json");
  await writeFile(bare, JSON.stringify({ prefecture: { file: "x.csv" } }));
  expect(await again(renamed, { truths: bare })).toMatch(/^Manifest: 2 of .* all with the same/);

  const changed = await folderOf("changed");
  await writeFile(join(changed, "halves.csv"), halves.slice(0, -9).join("\n"));
  const other = join(changed, "truths.json");
  await writeFile(other, JSON.stringify({ prefecture: { file: "halves.csv", choice } }));
  const said = await again(changed, { truths: other });
  expect(said).toMatch(
    /truth for prefecture is another halves.csv: hash \w{16} there, \w{16} here/,
  );
  expect(said).toMatch(
    /the truths for prefecture differ: \w{16} \(half\) there, \w{16} \(half\) here/,
  );

  const gone = await folderOf("gone");
  expect(await again(gone)).toMatch(/prefecture, “half” of halves.csv with .* is missing here/);
});

it("writes adapted models with their cards, which open again", async () => {
  const out = join(folder, "kept");
  const options = { task: "location,destination", rows: "fine-tuned,constant", out, seeds: "1" };
  await evaluate(options);
  await evaluate({ ...options, models: true }); // the runs are known: they are run once more
  expect(await readdir(join(out, "models"))).toEqual(["location"]);
  const place = join(out, "models/location/fine-tuned");
  const read = async (path: string) => new Uint8Array(await readFile(join(place, path)));
  const opened = await openLabelFolder({ name: "kept", read });
  expect(opened.task).toMatchObject({ kind: "targets", count: 2 });
  expect(opened.tokeniser?.vocabulary.length).toBeGreaterThan(100);
  const { tables } = JSON.parse(await readFile(join(out, "results.json"), "utf8")) as Results;
  const { origin, runs } = tables.location!;
  const card = await readFile(join(place, "README.md"), "utf8");
  expect(card).toContain("# Geographic location: BERT, pre-trained, fine-tuned");
  expect(card).toContain(`Hash of the cells and check-ins: \`${origin!.data.hash}\``);
  expect(card).toContain(`(hash \`${origin!.model.hash}\`)`);
  const { km } = runs.find(({ row }) => row === "fine-tuned")!.scores.bestOnValidation;
  const shown = km!.toLocaleString("en", { maximumSignificantDigits: 4 });
  expect(card).toMatch(new RegExp(`Best on validation: these weights .*\\| ${shown} \\|`));
  expect(card).toContain(SENSITIVE_INFERENCE);
  expect(card).not.toMatch(/undefined|NaN|\/tmp/);
});

it("gives the page the same folder to the last bit, and opens it for what it is", async () => {
  const out = join(folder, "taken");
  const values = {
    model: join(folder, "model"),
    tokens: join(folder, "data"),
    splits: "random",
    task: "location",
    rows: "fine-tuned,constant",
    out,
    seeds: "1",
    epochs: "1",
  };
  await evaluate({ ...values, models: true });
  const place = join(out, "models/location/fine-tuned");
  const plan = await readTablePlan(values);
  const engine = await openNodeEngine({ backend: "wasm", threads: 1 });
  const { dataset, model, seed, session } = openTableStand(plan, engine, signal);
  const run = <J extends Job>(job: J): Promise<ResultOf<J>> => finish(runJob(job, session, signal));
  const settings = readSettings(values, "location");
  const table = { dataset, model, task: "location", settings, seed } as const;
  try {
    const { files } = await run({ kind: "adapt-model", table, row: "fine-tuned" });
    expect(files.map(({ path }) => path).toSorted()).toEqual(await readdir(place));
    for (const { path, blob } of files) {
      const written = await readFile(join(place, path));
      expect([path, written.equals(await blob.bytes())]).toEqual([path, true]);
    }
    await expect(run({ kind: "adapt-model", table, row: "constant" })).rejects.toThrow(
      "majority or mean has no weights of its own for Geographic location",
    );
    const adapted = { dataset, model: { source: "folder", name: "zip", files }, seed } as const;
    const facts = await run({ ...adapted, kind: "model" });
    expect(facts.answers).toHaveLength(2);
    expect(facts.perplexity).toBeUndefined();
    const hidden: Job = { ...adapted, kind: "masked", trajectory: 0, masked: [], top: 3 };
    await expect(run(hidden)).rejects.toThrow("open the model that they were adapted from");
    const again = {
      ...table,
      model: adapted.model,
      settings: { ...settings, rows: ["random"] },
    } as const;
    expect((await run({ ...again, kind: "adapt" })).runs[0]!.problem).toBeUndefined();
  } finally {
    engine.dispose();
  }
});

/** results.json without what the clock says. */
const timeless = (text: string): unknown =>
  JSON.parse(text, (name, value: unknown) => (name.startsWith("seconds") ? 0 : value));

it(
  "fills tables in two processes to the same bits, and goes on there",
  { timeout: 120_000 },
  async () => {
    const options = {
      task: "location,diversity,travel-region,prefecture",
      truths: join(folder, "truths.json"),
      rows: "fine-tuned,linear-probe",
      epochs: "cells=2,months=1",
    };
    await evaluate({ ...options, out: join(folder, "one") });
    await evaluate({ ...options, out: join(folder, "two"), jobs: "2", rows: "linear-probe" });
    notes.length = 0;
    await evaluate({ ...options, out: join(folder, "two"), jobs: "2" });
    expect(notes.filter((line) => line.includes("linear-probe"))).toEqual([]);
    expect(notes.join("\n")).toMatch(
      /location: fine-tuned.*run \d, [\d.]+ runs a minute, \d+ s left/,
    );
    const [one, two] = await Promise.all(
      ["one", "two"].map((name) => readFile(join(folder, name, "results.json"), "utf8")),
    );
    const sorted = (text: string): unknown => {
      const { tables } = timeless(text) as Results;
      for (const table of Object.values(tables))
        table.runs.sort((a, b) => (a.key < b.key ? -1 : 1));
      return { ...(timeless(text) as Results), tables };
    };
    expect(sorted(two!)).toEqual(sorted(one!));
  },
);

it("stops all its processes when it is stopped", { timeout: 120_000 }, async () => {
  const where = ["model", "data"].map((name) => join(folder, name));
  const args = ["--task=diversity,location", "--jobs=2", "--epochs=1000"];
  const command = [join(ROOT, "src/cli/footfall.mjs"), "evaluate", ...args];
  const options = [`--model=${where[0]}`, `--tokens=${where[1]}`, `--out=${join(folder, "stop")}`];
  const child = spawn(process.execPath, [...command, ...options, "--rows=random"]);
  let [said, isStopped] = ["", false];
  child.stderr.on("data", (text: Buffer) => {
    said += String(text);
    if (/ at a time/.test(said) && !isStopped) isStopped = child.kill("SIGINT");
  });
  const [status] = (await once(child, "exit")) as [number]; // it ends after those that it started
  expect([status, said.trim().split("\n").at(-1)]).toEqual([
    130,
    "footfall evaluate: stopped before the end",
  ]);
});

it("asks the experiments part by part, as long as is given", { timeout: 120_000 }, async () => {
  const options = { task: "location", rows: "constant", out: join(folder, "asked") };
  const asked = { ...options, experiments: "order", seeds: "1" };
  const readAsked = async (): Promise<Results> =>
    JSON.parse(await readFile(join(options.out, "results.json"), "utf8")) as Results;
  await evaluate({ ...asked, "experiment-minutes": "0.000001" });
  const [first] = (await readAsked()).experiments!;
  expect([first!.outcomes.length, first!.isFinished]).toEqual([1, false]);
  await evaluate(asked);
  const [whole] = (await readAsked()).experiments!;
  expect(whole!.isFinished).toBe(true);
  expect(whole!.outcomes[0]).toEqual(first!.outcomes[0]);
  const text = await readFile(join(options.out, "results.md"), "utf8");
  expect(text).toMatch(/### Geographic location[^]*### Check-ins in another order/);
});

it("puts the tables between the marks of a Markdown file", async () => {
  const into = join(folder, "page.md");
  await writeFile(
    into,
    "# Before\n\n<!-- tables marks -->\n\nold\n\n<!-- end marks -->\n\nafter\n",
  );
  const options = { task: "location", rows: "constant", out: join(folder, "marks") };
  await mkdir(options.out);
  await evaluate({ ...options, into });
  const text = await readFile(into, "utf8");
  expect(text).toMatch(/^# Before\n\n<!-- tables marks -->\n\nModel model/);
  expect(text).toMatch(/<!-- end marks -->\n\nafter\n$/);
  expect(text).not.toContain("old");
  await writeFile(into, "no marks");
  await expect(evaluate({ ...options, into })).rejects.toThrow(
    /has no line "<!-- tables marks -->"/,
  );
});

it("begins no run after the time that is given", async () => {
  const options = {
    task: "location",
    rows: "constant",
    out: join(folder, "late"),
    minutes: "0.00001",
  };
  await mkdir(options.out);
  await expect(evaluate(options)).rejects.toThrow(/--minutes/);
  await evaluate({ ...options, minutes: "0.01" });
  expect(await readFile(join(options.out, "results.md"), "utf8")).toContain(
    "### Geographic location",
  );
});

it.each([
  [{ task: "weather" }, /--task weather: expected location, population/],
  [{ task: "water", epochs: "cell=3" }, /--epochs cell=3: expected a number, or cells=N,months=N/],
  [{ task: "water", experiments: "times" }, /--experiments times: expected order, noise, rare/],
  [{ task: "water", epochs: "cells=0" }, /--epochs 0: expected a whole number from 1/],
  [{ task: "water", rows: "best" }, /--rows best: expected transformer-small/],
  [{ task: "trees", truths: "nowhere.json" }, /nowhere.json: no such file/],
])("refuses %o in a sentence", async (options, sentence) => {
  await expect(evaluate(options)).rejects.toThrow(sentence);
});
