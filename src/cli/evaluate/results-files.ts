/** The folder of results: results.json, results.md, and a page of documentation that takes the tables in. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FootfallError } from "../../core/errors";
import type { AdaptTable } from "../../core/job/adapt";
import { tableMarkdown } from "../../core/job/adapt-markdown";
import type { ExperimentRecord } from "../../core/job/experiment/record";
import { TASK_NAMES } from "../../core/task/tasks/registry";
import type { TaskName } from "../../core/task/tasks/types";
import { writeWholeFile } from "../output";
import { experimentLines } from "./experiments";
import { studiesMarkdown, type Studies } from "./studies";
import type { WorkName } from "./table-work";

/** What results.json holds. */
export interface Results {
  readonly model: string;
  readonly data: string;
  /** SHA-256 of the model's and the data's files. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly engine: string;
  readonly tables: Partial<Record<TaskName, AdaptTable>>;
  /** What these data or this model cannot have, and why. */
  readonly left: Partial<Record<WorkName, string>>;
  /** The questions about trajectories that have no table; with --all. */
  readonly studies?: Studies;
  /** The papers' open questions, asked of the model as it is. */
  readonly experiments?: readonly ExperimentRecord[];
}

/** What an earlier call left; undefined for a new folder. Throws "bad-file". */
export async function readResults(out: string): Promise<Results | undefined> {
  const path = join(out, "results.json");
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(await readFile(path, "utf8")) as Results;
  } catch (cause) {
    throw new FootfallError("bad-file", `${path} is not JSON; give another folder`, { cause });
  }
}

/** All tables as Markdown. */
export function toMarkdown(results: Results): string {
  const { model, data, hashes, seed, engine, tables, left, studies, experiments = [] } = results;
  const known = TASK_NAMES.flatMap((name) => tables[name] ?? []);
  const lines = Object.entries(left).map(([name, why]) => `- ${name}: ${why}`);
  const made = Object.entries(hashes).map(([name, hash]) => `${name} ${hash.slice(0, 16)}`);
  return [
    `Model ${model}, data ${data}, seed ${seed}, on ${engine}; SHA-256: ${made.join(", ")}.`,
    "",
    ...known.map(tableMarkdown),
    ...(studies ? studiesMarkdown(studies) : []),
    ...experimentLines(experiments),
    ...(lines.length > 0 ? ["Not made:", "", ...lines, ""] : []),
  ].join("\n");
}

/** Writes results.json and results.md, whole or not at all. */
export async function writeResults(out: string, results: Results): Promise<void> {
  const files = {
    "results.json": `${JSON.stringify(results, null, 1)}\n`,
    "results.md": toMarkdown(results),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeWholeFile(join(out, name), (file) => writeFile(file, text));
  }
}

/** Puts the tables between the two marks of a Markdown file. Throws "missing-file", "bad-file". */
export async function writeInto(path: string, name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- tables ${name} -->`, `<!-- end ${name} -->`];
  const known = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FootfallError("missing-file", `--into ${path}: no such file`, { cause });
  });
  const [from, to] = [known.indexOf(begin), known.indexOf(end)];
  if (from < 0 || to < from) {
    throw new FootfallError("bad-file", `${path} has no line "${begin}" before a line "${end}"`);
  }
  const head = known.slice(0, from + begin.length);
  await writeFile(path, `${head}\n\n${text.trim()}\n\n${known.slice(to)}`);
}
