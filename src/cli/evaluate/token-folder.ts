import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { growUint32, growUint8 } from "../../core/data/growing";
import type { NpyValues } from "../../core/data/columnar/npy";
import type { Period } from "../../core/data/period";
import { SPLITS, type Split } from "../../core/data/splits";
import { FootfallError } from "../../core/errors";
import { CellTableBuilder, type CellTable } from "../../core/geo/cells";
import type { PlaceSequences } from "../../core/task/baselines";
import type { CountryChoice } from "../country";
import { readShard, type ReadShardFile } from "../../core/token/read-shards";
import type { Tokeniser } from "../../core/token/tokeniser";

/** What `tokenise` wrote about its folder, as far as it is needed here. */
export interface TokenReport {
  readonly name?: string;
  readonly simulated?: boolean;
  /** Days of the check-ins; absent in reports of an earlier version. */
  readonly period?: Period;
  /** Cells that few people visited; of real data. */
  readonly rareCells?: { readonly k: number; readonly cells: number };
  readonly country?: Pick<CountryChoice, "seed" | "shape">;
  readonly tokens: {
    readonly vocabularySize: number;
    readonly splits: Readonly<Record<Split, { readonly shards: readonly string[] }>>;
  };
}

/** A folder of tokens as cells again. */
export interface TokenFolder {
  readonly report: TokenReport;
  /** All cells: those given, then those that only the trajectories visit. */
  readonly cells: CellTable;
  /** Visits of each cell in the training part. */
  readonly visits: Uint32Array; // [N]
  /** Trajectories of the test part. */
  readonly test: PlaceSequences;
}

/** report.json of a folder that `tokenise` wrote. Throws "missing-file", "bad-file". */
export async function readTokenReport(path: string): Promise<TokenReport> {
  const info = await stat(join(path, "report.json")).catch(() => undefined);
  if (!info?.isFile()) {
    throw new FootfallError(
      "missing-file",
      `${path} has no report.json; expected a folder that footfall tokenise wrote`,
    );
  }
  const sentence = `${path}/report.json names no shards of tokens; expected a folder that footfall tokenise wrote (footfall windows writes those of pretrain --model gpt)`;
  try {
    const report = JSON.parse(await readFile(join(path, "report.json"), "utf8")) as TokenReport;
    if (SPLITS.every((split) => Array.isArray(report.tokens.splits[split].shards))) return report;
  } catch (cause) {
    throw new FootfallError("bad-file", sentence, { cause });
  }
  throw new FootfallError("bad-file", sentence);
}

/** Sequences of pieces as cell numbers; every sequence is decoded once only. */
class CellReader {
  readonly builder: CellTableBuilder;
  readonly #tokeniser: Tokeniser;
  readonly #known = new Map<string, number>();

  constructor(tokeniser: Tokeniser, builder: CellTableBuilder) {
    this.#tokeniser = tokeniser;
    this.builder = builder;
  }

  /** The number of the cell, -1 for pieces that are none, such as [UNK]. */
  read(pieces: NpyValues): number {
    const key = pieces.join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const hash = this.#tokeniser.decode(pieces);
    const cell = hash === undefined ? -1 : this.builder.add(hash);
    this.#known.set(key, cell);
    return cell;
  }
}

/** Reads files of a folder; a copy: slices of Node's buffers share memory. */
export function readerOf(path: string): ReadShardFile {
  return async (file) => {
    const bytes = await readFile(join(path, file)).catch(() => undefined);
    return bytes && Uint8Array.from(bytes);
  };
}

/** The check-ins of one trajectory. */
interface CheckInColumns {
  readonly cells: readonly number[];
  /** Hours of the week; empty where the shard does not tell them. */
  readonly hours: readonly number[];
}

/** The trajectories of one split, one after the other. */
async function* readTrajectories(
  path: string,
  shards: readonly string[],
  reader: CellReader,
): AsyncGenerator<CheckInColumns> {
  for (const name of shards) {
    const { tokens, starts, offsets, hours: hourOf } = await readShard(readerOf(path), name);
    for (let k = 0; k + 1 < offsets.length; k++) {
      const [cells, hours]: [number[], number[]] = [[], []];
      for (let from = offsets[k]!, to = from; from < offsets[k + 1]!; from = to) {
        do to++;
        while (to < offsets[k + 1]! && starts[to] === 0);
        const cell = reader.read(tokens.subarray(from, to));
        if (cell < 0) continue;
        cells.push(cell);
        if (hourOf !== undefined) hours.push(hourOf[from]!);
      }
      yield { cells, hours };
    }
  }
}

/**
 * Reads the training and test parts of a folder that `tokenise` wrote. `known` are cells that exist whether
 * visited or not, and come first. Throws "missing-file", "bad-file", and "weights-mismatch" where the
 * tokens are of another vocabulary than the tokeniser's.
 */
export async function readTokenFolder(
  path: string,
  tokeniser: Tokeniser,
  known: CellTableBuilder = new CellTableBuilder(),
): Promise<TokenFolder> {
  const report = await readTokenReport(path);
  const [V, found] = [tokeniser.vocabulary.length, report.tokens.vocabularySize];
  if (V !== found) {
    throw new FootfallError(
      "weights-mismatch",
      `the tokens of ${path} are of a vocabulary of ${found}, the model's has ${V}; give the folder that it was trained on`,
    );
  }
  const reader = new CellReader(tokeniser, known);
  const { splits } = report.tokens;
  const visited: number[] = [];
  for await (const { cells } of readTrajectories(path, splits.train.shards, reader)) {
    for (const cell of cells) visited[cell] = (visited[cell] ?? 0) + 1;
  }
  for await (const _ of readTrajectories(path, splits.validation.shards, reader)) {
    // only for the cells that exist
  }
  const [cell, offsets, hours] = [growUint32(), growUint32(), growUint8()];
  offsets.push(0);
  for await (const { cells, hours: own } of readTrajectories(path, splits.test.shards, reader)) {
    cells.forEach((n) => cell.push(n));
    own.forEach((hour) => hours.push(hour));
    offsets.push(cell.length);
  }
  const cells = reader.builder.build();
  const visits = Uint32Array.from(cells.hi, (_, n) => visited[n] ?? 0);
  const isTimed = hours.length === cell.length;
  const test = {
    cell: cell.build(),
    offsets: offsets.build(),
    hours: isTimed ? hours.build() : undefined,
  };
  return { report, cells, visits, test };
}
