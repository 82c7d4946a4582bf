import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeModelFolder } from "../../core/model/folder";
import type { HostTensors } from "../../core/model/safetensors";
import type { Tokeniser } from "../../core/token/tokeniser";
import type { BaselineScores } from "../../core/train/baselines";
import type { Checkpoint } from "../../core/train/checkpoint";
import { isOldCheckpoint, writeCheckpoint } from "../../core/train/checkpoint";
import { toBertConfig } from "../../core/train/config";
import { createLayout, unflattenTensors } from "../../core/train/layout";
import type { RunState } from "../../core/train/state";
import { writeWholeFile } from "../output";

/** What config.json tells about a run besides its state. */
export interface RunFacts {
  readonly engine: string;
  readonly tokeniser: Tokeniser | undefined;
  baselines: BaselineScores | undefined;
}

/** The scores of a validation as config.json keeps them, under the names of `scale/`. */
function scoresAt(state: RunState, which: "first" | "last") {
  const rows = state.log.filter(({ split }) => split === "validation");
  const row = which === "first" ? rows[0] : rows.at(-1);
  if (row === undefined) return undefined;
  const { perplexity, cellPerplexity, sequentialCellPerplexity, maskedCells } = row;
  return { perplexity, cellPerplexity, sequentialCellPerplexity, maskedCells };
}

function notesOf(state: RunState, { engine, baselines }: RunFacts): Record<string, unknown> {
  const initial = scoresAt(state, "first");
  return {
    recipe: { ...state.config, budget: state.budget },
    steps: state.step,
    tokens: state.tokens,
    seconds: Math.round(state.seconds),
    engine,
    initialPerplexity: initial?.perplexity,
    initial,
    validation: scoresAt(state, "last"),
    best: state.best,
    baselines,
  };
}

/** The Hugging Face folder of some parameters of a run. */
function modelFiles(
  state: RunState,
  tensors: HostTensors,
  facts: RunFacts,
): Map<string, Uint8Array> {
  const bert = toBertConfig(state.config, state.vocabularySize);
  const config = { ...bert, notes: notesOf(state, facts) };
  return writeModelFolder({ config, tensors, tokeniser: facts.tokeniser, log: state.log });
}

async function writeFiles(out: string, files: Iterable<[string, Uint8Array]>): Promise<void> {
  for (const [path, bytes] of files) {
    await writeWholeFile(join(out, path), (file) => writeFile(file, bytes));
  }
}

/**
 * Writes a checkpoint into a run's folder: the model as it stands, so that an unfinished run can be looked at,
 * the best one where it is new, and what the run goes on from. Each file is whole or as it was before; the
 * checkpoint's own comes last.
 */
export async function writeRun(
  out: string,
  checkpoint: Checkpoint,
  best: HostTensors | undefined,
  facts: RunFacts,
): Promise<void> {
  const { state, tensors } = checkpoint;
  const layout = createLayout(toBertConfig(state.config, state.vocabularySize));
  const now = unflattenTensors(layout, tensors.parameters);
  await writeFiles(out, modelFiles(state, now, facts));
  if (best !== undefined) await writeFiles(join(out, "best"), modelFiles(state, best, facts));
  const files = writeCheckpoint(checkpoint);
  await writeFiles(
    out,
    files.map(({ path, bytes }): [string, Uint8Array] => [path, bytes]),
  );
  await removeOldCheckpoints(out, state.step);
}

async function removeOldCheckpoints(out: string, step: number): Promise<void> {
  for (const path of await readdir(out)) {
    if (isOldCheckpoint(path, step)) await rm(join(out, path), { force: true });
  }
}

/** Whether a folder holds a run already. */
export function holdsRun(out: string): boolean {
  return existsSync(join(out, "checkpoint.json"));
}
