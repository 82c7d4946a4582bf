import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { FootfallError } from "../core/errors";
import type { Engine } from "../core/gpu/engine";
import type { Bert } from "../core/model/bert";
import { createBert } from "../core/model/bert";
import type { FolderReader, ModelFolder } from "../core/model/folder";
import { openModelFolder } from "../core/model/folder";
import type { CommandInput, CommandOption } from "./command";
import { ENGINE_OPTIONS, openNodeEngine, readEnginePlan } from "./engine";
import { requiredText } from "./values";

/** Options of every command that runs a model. */
export const MODEL_OPTIONS: Readonly<Record<string, CommandOption>> = {
  model: { type: "string", value: "DIR", help: "model folder: config.json, model.safetensors" },
  ...ENGINE_OPTIONS,
};

/** A model on an open engine. */
export interface RunningModel {
  readonly engine: Engine;
  readonly folder: ModelFolder;
  readonly bert: Bert;
}

/** The files of a model folder. Throws "missing-file" where there is no such folder. */
export async function openModelReader(path: string): Promise<FolderReader> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) {
    const what = info ? "a file" : "no such folder";
    throw new FootfallError("missing-file", `${path}: ${what}; expected a model folder`);
  }
  const read = (file: string): Promise<Uint8Array | undefined> =>
    readFile(join(path, file)).catch(() => undefined);
  return { name: path, read };
}

/**
 * Opens the model and the engine that the options name, runs `work` and closes both. Throws "no-gpu" for
 * webgpu without an adapter.
 */
export async function withModel<T>(
  { values, note }: CommandInput,
  work: (model: RunningModel) => Promise<T>,
): Promise<T> {
  const plan = readEnginePlan(values);
  const reader = await openModelReader(requiredText(values, "model", "a model folder"));
  const folder = await openModelFolder(reader);
  const engine = await openNodeEngine(plan);
  if (engine.reason !== undefined) note(engine.reason);
  const bert = createBert(folder.config, folder.tensors);
  try {
    return await work({ engine, folder, bert });
  } finally {
    bert.dispose();
    engine.dispose();
  }
}

/** Facts that stand in the document of every command that runs a model. */
export function modelFacts({ engine, folder }: RunningModel): Record<string, unknown> {
  return { model: folder.name, backend: engine.kind, engine: engine.description };
}
