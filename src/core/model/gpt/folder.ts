import type { FolderReader } from "../folder";
import { parseJson, readTensors, requireFile, writeWeights } from "../folder";
import { checkTensors } from "../parameters";
import type { HostTensors } from "../safetensors";
import type { GptConfig } from "./config";
import { GPT_TYPE, gptConfigToJson, readGptConfig } from "./config";
import { gptShapes } from "./parameters";

/** A folder with a GPT on points, read and checked. */
export interface GptFolder {
  readonly name: string;
  readonly config: GptConfig;
  readonly tensors: HostTensors;
}

async function readConfigJson(reader: FolderReader): Promise<Record<string, unknown>> {
  return parseJson(await requireFile(reader, "config.json"), `${reader.name}/config.json`);
}

/** Whether the folder's model is a GPT on points. Throws "missing-file" and "bad-file". */
export async function isGptFolder(reader: FolderReader): Promise<boolean> {
  return (await readConfigJson(reader))["model_type"] === GPT_TYPE;
}

/**
 * Reads `config.json` and `model.safetensors`. Throws "missing-file", "bad-file", or "weights-mismatch" where they
 * do not belong together.
 */
export async function openGptFolder(reader: FolderReader): Promise<GptFolder> {
  const { name } = reader;
  const config = readGptConfig(await readConfigJson(reader));
  const { tensors } = await readTensors(reader);
  return { name, config, tensors: checkTensors(gptShapes(config), tensors) };
}

/** The files of the folder, by name, with one report of the training a line. */
export function writeGptFolder(
  { config, tensors }: Omit<GptFolder, "name">,
  log: readonly unknown[],
): Map<string, Uint8Array> {
  return writeWeights(gptConfigToJson(config), tensors, log);
}
