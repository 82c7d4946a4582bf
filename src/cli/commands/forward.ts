import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNpy } from "../../core/data/columnar/npy";
import { FootfallError } from "../../core/errors";
import { runForward } from "../../core/model/forward";
import { isGptFolder } from "../../core/model/gpt/folder";
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
    await writeFolder(out, async (folder) => {
      await writeFile(join(folder, "hidden.npy"), writeNpy(hidden, [B, T, C]));
      await writeFile(join(folder, "logits.npy"), writeNpy(logits, [B, T, V]));
    });
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const shapes = { hidden: [B, T, C], logits: [B, T, V] };
    return {
      document: { ...modelFacts(model), ...shapes, out, seconds },
      lines: [
        `hidden.npy [${B}, ${T}, ${C}] and logits.npy [${B}, ${T}, ${V}] in ${out}`,
        `on ${model.engine.kind} (${model.engine.description}), ${seconds} s`,
      ],
    };
  });
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
      help: "gets hidden.npy [B, T, C], logits.npy [B, T, V] or next.npy [B, T, 2]",
    },
  },
  run,
};
