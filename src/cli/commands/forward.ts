import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNpy } from "../../core/data/columnar/npy";
import { FootfallError } from "../../core/errors";
import { runForward } from "../../core/model/forward";
import { isGptFolder } from "../../core/model/gpt/folder";
import { openLabelFolder } from "../../core/model/label-folder";
import { predictLabels } from "../../core/train/predict-labels";
import type { Command, CommandInput, CommandOutcome } from "../command";
import { forwardPoints } from "../forward-points";
import { readJsonFile } from "../json-file";
import { MODEL_OPTIONS, modelFacts, openModelReader, withModel } from "../model";
import { writeFolder } from "../output";
import { showing } from "../run";
import { requiredText } from "../values";

/** Token ids as `[[2, 17, 3], ...]`. Throws "bad-input" with the place of the first wrong one. */
function toRows(json: unknown, path: string): number[][] {
  if (!Array.isArray(json) || json.length === 0) {
    throw new FootfallError("bad-input", `${path}: expected rows of token ids, [[2, 17, 3], ...]`);
  }
  return json.map((row: unknown, r) => {
    const ids: unknown[] = Array.isArray(row) ? row : [row];
    const wrong = ids.findIndex((id) => !Number.isInteger(id));
    if (Array.isArray(row) && wrong < 0) return row as number[];
    const place = Array.isArray(row) ? `row ${r}, position ${wrong}` : `row ${r}`;
    const expected = Array.isArray(row) ? "a token id" : "a list of token ids";
    const found = JSON.stringify(Array.isArray(row) ? ids[wrong] : row);
    throw new FootfallError("bad-input", `${path}: ${place}: expected ${expected}, found ${found}`);
  });
}

async function run(input: CommandInput): Promise<CommandOutcome> {
  const reader = await openModelReader(requiredText(input.values, "model", "a model folder"));
  return (await isGptFolder(reader)) ? forwardPoints(reader, input) : forwardTokens(input);
}

async function forwardTokens(input: CommandInput): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const path = requiredText(input.values, "input", "a JSON file of token ids");
  const out = requiredText(input.values, "out", "the folder to write");
  const rows = toRows(await readJsonFile(path), path);
  return withModel(input, async (model) => {
    const { width: C, vocabularySize: V } = model.folder.config;
    const work = runForward(model.bert, rows, input.signal);
    const { B, T, hidden, logits } = await showing(work, input.progress);
    const { answers } = model.folder;
    const said = answers
      ? { name: "answers", values: await answer(rows, input), shape: [B, answers.length] }
      : { name: "logits", values: logits, shape: [B, T, V] };
    await writeFolder(out, async (folder) => {
      await writeFile(join(folder, "hidden.npy"), writeNpy(hidden, [B, T, C]));
      await writeFile(join(folder, `${said.name}.npy`), writeNpy(said.values, said.shape));
    });
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const shapes = { hidden: [B, T, C], [said.name]: said.shape };
    return {
      document: {
        ...modelFacts(model),
        ...shapes,
        ...(answers && { names: answers }),
        out,
        seconds,
      },
      lines: [
        `hidden.npy [${B}, ${T}, ${C}] and ${said.name}.npy [${said.shape.join(", ")}] in ${out}`,
        `on ${model.engine.kind} (${model.engine.description}), ${seconds} s`,
      ],
    };
  });
}

/** What an adapted model answers to each row, by its own head: scores of classes, or numbers in their unit; [B, K]. */
async function answer(
  rows: readonly number[][],
  { values, signal, progress }: CommandInput,
): Promise<Float32Array> {
  const reader = await openModelReader(requiredText(values, "model", "a model folder"));
  const sequences = rows.map((row) => Int32Array.from(row));
  const work = predictLabels(await openLabelFolder(reader), { sequences }, signal);
  return showing(work, progress);
}

export const command: Command = {
  summary: "Runs token ids, or points, through a model; writes hidden states and what it expects.",
  usage: "--model DIR --input ids.json --out DIR",
  options: {
    ...MODEL_OPTIONS,
    input: {
      type: "string",
      value: "FILE",
      help: "[[2, 17, ...], ...], 0 is [PAD]; of a GPT [[[lng, lat], ...], ...] in degrees",
    },
    out: {
      type: "string",
      value: "DIR",
      help: "gets hidden.npy [B, T, C], logits.npy [B, T, V], of an adapted model answers.npy [B, K], of a GPT next.npy",
    },
  },
  run,
};
