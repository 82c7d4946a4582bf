import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cellToChildren, cellToParent, latLngToCell } from "h3-js";
import { afterAll, expect, test } from "vitest";
import { openEngine, type Engine } from "../gpu/engine";
import { cellHash, type CellTable } from "../geo/cells";
import { runJob, type Job, type ResultOf } from "../jobs";
import { finish } from "../pace";
import { readTokeniser } from "../token/read-tokeniser";
import { decodeLand } from "../world/land";
import type { DatasetSpec } from "./dataset";
import { countPlaces, measureModel, measureTokeniser } from "./measure-tokeniser";
import { openDataset } from "./open-dataset";
import { openResolution } from "./open-resolution";
import { rarityBands } from "./rarity";
import type { Session } from "./session";

const PUBLIC = join(import.meta.dirname, "../../../public");
const COUNTRY: DatasetSpec = { source: "simulated", size: "small", seed: 123 };
const SHIPPED = { source: "shipped", path: "models/japan" } as const;
const DIGITS = { dataset: COUNTRY, tokeniser: "5|3" } as const;

let engine: Promise<Engine> | undefined;
const session: Session = {
  readAsset: async (path) => new Uint8Array(await readFile(join(PUBLIC, path))),
  engine: () => (engine ??= openEngine({ backend: "wasm" })),
  kept: new Map(),
};
afterAll(async () => (await engine)?.dispose());

const run = <J extends Job>(job: J): Promise<ResultOf<J>> =>
  finish(runJob(job, session, new AbortController().signal));
const lookUp = (query: string) => run({ kind: "lookup", ...DIGITS, query });
const hashes = (cells: CellTable): string[] =>
  Array.from(cells.hi, (_, n) => cellHash(cells, n)).toSorted();

/** Digits of an index at levels 6 to 8, by BigInt: the reference for the pieces. */
const lastDigits = (hash: string): string =>
  [6, 7, 8].map((level) => Number((BigInt(`0x${hash}`) >> BigInt(45 - 3 * level)) & 7n)).join("");

async function landHashes(): Promise<string[]> {
  return hashes(decodeLand(await session.readAsset("data/land-r8.bin")).cells);
}

test("a piece shows every hexagon of the area that has it, and no other", async () => {
  const land = await landHashes();
  const digits = await lookUp("6/456");
  const wanted = land.filter((hash) => lastDigits(hash) === "456");
  expect(digits.found).toMatchObject({ kind: "token", text: "6/456" });
  const isLand = new Set(land);
  expect(hashes(digits.cells).filter((hash) => isLand.has(hash))).toEqual(wanted);
  expect(digits.cells.hi.length - wanted.length).toBeLessThan(5); // cells at the coast beyond the land

  const parent = await lookUp("852e601bfffffff");
  expect(parent.found.kind).toBe("token");
  const below = new Set(cellToChildren("852e601bfffffff", 8));
  expect(hashes(parent.cells)).toEqual(land.filter((hash) => below.has(hash)));
}, 60_000);

test("a token's number leads to the same place as its text", async () => {
  const byText = await lookUp("6/456");
  if (byText.found.kind !== "token") throw new Error("no token");
  const byId = await lookUp(String(byText.found.id));
  expect(byId.found).toEqual(byText.found);
  expect(byId.cells).toEqual(byText.cells);
  expect((await lookUp("4")).found).toMatchObject({ text: "[MASK]", isSpecial: true });
});

test("any hash is answered: of the area, finer, coarser, beyond, and none at all", async () => {
  const hash = "882e601a5dfffff";
  const pieces = [{ text: "852e601bfffffff" }, { text: "6/456" }];
  expect((await lookUp(hash.toUpperCase())).found).toMatchObject({ isInArea: true, hash, pieces });
  expect((await lookUp(cellToChildren(hash, 10)[9]!)).found).toMatchObject({ hash, pieces });
  const coarse = await lookUp(cellToParent(hash, 7));
  expect(coarse.found).toMatchObject({ kind: "cell", hash: undefined });
  expect(hashes(coarse.cells)).toEqual(cellToChildren(cellToParent(hash, 7), 8).toSorted());
  const london = (await lookUp(latLngToCell(51.5, 0, 8))).found;
  expect(london).toMatchObject({ isInArea: false, isUnknown: true });
  const like = (await lookUp("/45")).found;
  expect(like).toMatchObject({ kind: "nothing", query: "/45" });
  if (like.kind === "nothing") expect(like.like.map(({ text }) => text)).toContain("6/456");
});

test("every tokeniser has a row, with the counts of plain sets", async () => {
  const { rows, width } = await run({
    kind: "token-bench",
    dataset: COUNTRY,
    resolution: 7,
    seed: 123,
  });
  const of = (tokeniser: string) => rows.find((row) => row.tokeniser === tokeniser)!;
  const land = await landHashes();
  const parents = (resolution: number): number =>
    new Set(land.map((hash) => cellToParent(hash, resolution))).size;
  expect(of("5|3").vocabularySize).toBe(5 + parents(4) + 343);
  expect(of("4|4").vocabularySize).toBe(5 + parents(3) + 2401);
  expect(of("one digit a level").vocabularySize).toBe(5 + parents(0) + 7 * 7);
  expect(of("flat").vocabularySize).toBe(5 + of("flat").cells);
  const tokens = rows.map(({ tokensPerCheckIn }) => Math.round(tokensPerCheckIn));
  expect(tokens).toEqual([2, 2, 3, 8, 2, 1]);
  for (const { unknown, cellsPerSecond, perplexity, model } of rows) {
    expect(unknown.area).toBe(0);
    expect(cellsPerSecond).toBeGreaterThan(10_000);
    expect(perplexity.previous).toBeLessThan(perplexity.unigram!);
    expect(model).toBeUndefined();
  }
  expect(of("flat").unknown.training).toBeGreaterThan(20 * of("5|3").unknown.training);
  expect(width).toBeUndefined();
}, 60_000);

test("the model's perplexity stands in its own row only, beside the counts on the same check-ins", async () => {
  const { signal } = new AbortController();
  const dataset = await finish(openDataset(COUNTRY, session, signal));
  const resampled = await finish(openResolution(dataset, COUNTRY, {}, session, signal));
  const counted = countPlaces(resampled);
  const options = { seed: 123, session, signal };
  const model = await finish(measureModel(SHIPPED, dataset, ["5|3", "4|4"], options));
  const measured = await finish(
    runJob({ kind: "model", dataset: COUNTRY, model: SHIPPED, seed: 123 }, session, signal),
  );
  const row = await finish(measureTokeniser("5|3", counted, { model, signal }));
  expect(row.model!.model).toBeCloseTo(measured.perplexity!.model.perCell, 6);
  expect(row.model!.model).toBeLessThan(row.model!.previous! / 100);
  const { ruled, free } = row.model!.guesses;
  expect(ruled.invalid).toBe(0);
  expect(free.invalid).toBeGreaterThan(0); // some guesses lie in the sea
  expect(ruled.hit).toBeGreaterThanOrEqual(free.hit);
  const other = await finish(measureTokeniser("4|4", counted, { model, signal }));
  expect(other.model).toBeUndefined();
}, 240_000);

test("a bench that is stopped ends", async () => {
  const controller = new AbortController();
  const job: Job = { kind: "token-bench", dataset: COUNTRY, seed: 123 };
  const running = finish(runJob(job, session, controller.signal));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "stopped" });
}, 60_000);

test("rare places are counted over the whole area, and all shares sum to one", async () => {
  const { bands, cells, unseenShare, backOff } = await run({
    kind: "rarity",
    dataset: COUNTRY,
    seed: 123,
  });
  const total = (of: "cells" | "trainShare" | "testShare"): number =>
    bands.reduce((sum, band) => sum + band[of], 0);
  expect(total("cells")).toBe(cells);
  expect(total("trainShare")).toBeCloseTo(1, 9);
  expect(total("testShare")).toBeCloseTo(1, 9);
  expect(unseenShare).toBeGreaterThan(0.5);
  const reached = backOff.map(({ seenShare }) => seenShare);
  expect(reached).toEqual(reached.toSorted((a, b) => a - b)); // a coarser parent is seen more often
});

test("the model's error is told for every band of hidden places", async () => {
  const { bands, errors } = await run({
    kind: "rarity",
    dataset: COUNTRY,
    model: SHIPPED,
    seed: 123,
  });
  expect(errors!.map(({ from }) => from)).toEqual(bands.map(({ from }) => from));
  expect(errors!.reduce((sum, { hidden }) => sum + hidden, 0)).toBe(200);
  const [never] = errors!;
  expect(never!.hidden).toBeGreaterThan(100); // most places of the small country are new
  expect(never!.medianKm).toBeLessThan(20);
}, 120_000);

test("bands hold their ends, and cells that the table lacks were never seen", () => {
  const bands = rarityBands([0, 1, 4, 5, 19, 20, 5000], [1, 1, 1, 1, 0, 0, 6], 10);
  expect(bands.map(({ cells }) => cells)).toEqual([4, 2, 2, 1, 0, 1]);
  expect(bands.map(({ testShare }) => testShare)).toEqual([0.1, 0.2, 0.1, 0, 0, 0.6]);
});

test("a saved tokenizer.json reads the same, also under other names for the special tokens", async () => {
  const specials = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"];
  const usual = await run({ kind: "vocabulary", ...DIGITS, resolution: 7 });
  const named = await run({ kind: "vocabulary", ...DIGITS, resolution: 7, specials });
  const read = (json: Uint8Array) => JSON.parse(new TextDecoder().decode(json)) as object;
  expect(JSON.stringify(read(named.json))).not.toContain("[MASK]");
  expect(readTokeniser(read(named.json)).vocabulary).toEqual(
    readTokeniser(read(usual.json)).vocabulary,
  );
  const twice = [...specials.slice(0, 4), "<pad>"];
  await expect(run({ kind: "vocabulary", ...DIGITS, specials: twice })).rejects.toMatchObject({
    message: expect.stringContaining("cannot stand for [MASK]") as string,
  });
}, 60_000);
