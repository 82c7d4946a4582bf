import { FootfallError } from "../errors";
import { readTokeniser } from "../token/read-tokeniser";
import { SPECIAL_TOKENS, type Tokeniser } from "../token/tokeniser";
import type { BertConfig } from "./config";
import { bertConfigToJson, readBertConfig } from "./config";
import type { ConfigJson } from "./config-fields";
import { isAdapted, readAnswers } from "./label-answers";
import { checkBertTensors, checkTensors, encoderShapes } from "./parameters";
import type { FloatType, HostTensors } from "./safetensors";
import { readSafetensors, writeSafetensors } from "./safetensors";

/** The file of a folder that tells of the others in words (a model card). */
export const CARD_FILE = "README.md";

/** Any folder: one on disk, one that the user opened, one that ships with the page. */
export interface FolderReader {
  /** What the user calls it, for errors. */
  readonly name: string;
  /** The bytes of a file, undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** One line of `training.jsonl`; the trainer may write more keys. */
export interface TrainingRow {
  readonly step: number;
  readonly seconds: number;
  /** Tokens seen so far. */
  readonly tokens: number;
  readonly split: "train" | "validation" | "test";
  readonly loss: number;
  readonly perplexity: number;
  /** Of whole cells, each piece given the earlier ones; with split validation or test. */
  readonly sequentialCellPerplexity?: number;
  readonly learningRate?: number;
}

/** A Hugging Face folder of a BertForMaskedLM, or of one adapted to a task, read and checked. */
export interface ModelFolder {
  readonly name: string;
  readonly config: BertConfig;
  readonly tensors: HostTensors;
  /** Undefined where the folder has no `tokenizer.json`, or one of another making: see `tokeniserOf`. */
  readonly tokeniser: Tokeniser | undefined;
  /** Names of what its head answers where the model was adapted to a task: only its encoder is taken. */
  readonly answers: readonly string[] | undefined;
  /** Empty where the folder has no `training.jsonl`. */
  readonly log: readonly TrainingRow[];
  /** Size of `model.safetensors`. */
  readonly bytes: number;
}

/** A file that a model folder must have. Throws "missing-file". */
export async function requireFile(reader: FolderReader, path: string): Promise<Uint8Array> {
  const bytes = await reader.read(path);
  if (bytes !== undefined) return bytes;
  throw new FootfallError("missing-file", `${reader.name} has no ${path}; expected a model folder`);
}

/** A file that holds a JSON object. Throws "bad-file". */
export function parseJson(bytes: Uint8Array, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === "object" && value !== null) return { ...value };
  } catch (cause) {
    throw new FootfallError("bad-file", `${where} is not JSON`, { cause });
  }
  throw new FootfallError("bad-file", `${where} holds no object`);
}

/** A document of another making (words, say) is no error: the weights can be run on bare token ids. */
function readIfOurs(json: unknown): Tokeniser | undefined {
  try {
    return readTokeniser(json);
  } catch {
    return undefined;
  }
}

/** The tokeniser of a folder, if its tokens are cells. Throws "weights-mismatch" for those of another model. */
export async function readFolderTokeniser(
  reader: FolderReader,
  config: BertConfig,
): Promise<Tokeniser | undefined> {
  const { name } = reader;
  const bytes = await reader.read("tokenizer.json");
  if (bytes === undefined) return undefined;
  const tokeniser = readIfOurs(parseJson(bytes, `${name}/tokenizer.json`));
  if (tokeniser === undefined) return undefined;
  const [V, expected] = [tokeniser.vocabulary.length, config.vocabularySize];
  if (V === expected) return tokeniser;
  throw new FootfallError(
    "weights-mismatch",
    `${name}: tokenizer.json has ${V} tokens, the weights were made for ${expected}; they belong to different models`,
  );
}

function parseLog(bytes: Uint8Array | undefined, name: string): TrainingRow[] {
  const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).split("\n");
  return lines.flatMap((line, n) => {
    if (line.trim() === "") return [];
    const where = `${name}/training.jsonl, line ${n + 1}`;
    const row = parseJson(new TextEncoder().encode(line), where);
    if (typeof row["step"] === "number") return [row as unknown as TrainingRow];
    throw new FootfallError("bad-file", `${where} has no "step"`);
  });
}

/** Every guess would be no number where a weight is none. Throws "bad-file" with its name and place. */
function checkFinite(tensors: HostTensors, where: string): void {
  for (const [name, { values }] of tensors) {
    const broken = values.findIndex((value) => !Number.isFinite(value));
    if (broken < 0) continue;
    throw new FootfallError(
      "bad-file",
      `${where}: "${name}" holds ${values[broken]} at place ${broken}; expected numbers only; open a checkpoint of before that`,
    );
  }
}

/** `model.safetensors` and its size. Throws "missing-file", "bad-file". */
export async function readTensors(
  reader: FolderReader,
): Promise<{ tensors: HostTensors; bytes: number }> {
  const where = `${reader.name}/model.safetensors`;
  const file = await requireFile(reader, "model.safetensors");
  const tensors = readSafetensors(file, where);
  checkFinite(tensors, where);
  return { tensors, bytes: file.length };
}

/** `config.json` and `model.safetensors` as they stand. Throws "missing-file" and "bad-file". */
export async function readWeights(
  reader: FolderReader,
): Promise<{ json: ConfigJson; tensors: HostTensors; bytes: number }> {
  const { name } = reader;
  const json = parseJson(await requireFile(reader, "config.json"), `${name}/config.json`);
  return { json, ...(await readTensors(reader)) };
}

/**
 * Reads a model folder: `config.json` and `model.safetensors`, and where they are there `tokenizer.json` and
 * `training.jsonl`. Throws "missing-file", "bad-file", or "weights-mismatch" where the parts do not belong
 * together.
 */
export async function openModelFolder(reader: FolderReader): Promise<ModelFolder> {
  const { name } = reader;
  const { json, tensors, bytes } = await readWeights(reader);
  const config = readBertConfig(json);
  const answers = isAdapted(json) ? readAnswers(json) : undefined;
  return {
    name,
    config,
    tensors: answers
      ? checkTensors(encoderShapes(config), tensors)
      : checkBertTensors(config, tensors),
    tokeniser: await readFolderTokeniser(reader, config),
    answers,
    log: parseLog(await reader.read("training.jsonl"), name),
    bytes,
  };
}

/** The tokeniser of a model that must have one. Throws "missing-file". */
export function tokeniserOf({ tokeniser, name }: ModelFolder): Tokeniser {
  if (tokeniser !== undefined) return tokeniser;
  throw new FootfallError(
    "missing-file",
    `${name} has no tokenizer.json that Footfall wrote, so nobody knows which cells its tokens mean`,
  );
}

function jsonBytes(value: unknown, space: number): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, space)}\n`);
}

/** The files that the folder of any model has. */
export function writeWeights(
  config: ConfigJson,
  tensors: HostTensors,
  log: readonly unknown[],
  type: FloatType = "F32",
): Map<string, Uint8Array> {
  const files = new Map([
    ["config.json", jsonBytes(config, 2)],
    ["model.safetensors", writeSafetensors(tensors, type)],
  ]);
  const lines = log.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (log.length > 0) files.set("training.jsonl", new TextEncoder().encode(lines));
  return files;
}

const [pad, unk, cls, sep, mask] = SPECIAL_TOKENS;

/** With it Hugging Face's `AutoTokenizer` takes tokenizer.json as it stands: the class of BERT would cut pieces at their slash. */
const TOKENISER_CONFIG = {
  tokenizer_class: "PreTrainedTokenizerFast",
  pad_token: pad,
  unk_token: unk,
  cls_token: cls,
  sep_token: sep,
  mask_token: mask,
};

/** The files of a folder with those of its tokeniser, where it has one. */
export function withTokeniser(
  files: Map<string, Uint8Array>,
  tokeniser: Tokeniser | undefined,
): Map<string, Uint8Array> {
  if (tokeniser === undefined) return files;
  files.set("tokenizer.json", jsonBytes(tokeniser.toJson(), 1));
  files.set("tokenizer_config.json", jsonBytes(TOKENISER_CONFIG, 2));
  return files;
}

/** The files of a model folder, by name; the inverse of `openModelFolder`. */
export function writeModelFolder(
  { config, tensors, tokeniser, log }: Omit<ModelFolder, "name" | "answers" | "bytes">,
  type: FloatType = "F32",
): Map<string, Uint8Array> {
  return withTokeniser(writeWeights(bertConfigToJson(config), tensors, log, type), tokeniser);
}
