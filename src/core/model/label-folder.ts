import type { Tokeniser } from "../token/tokeniser";
import type { BertConfig, BertConfigJson } from "./config";
import { bertConfigToJson, readBertConfig } from "./config";
import { readChoice, toRecord } from "./config-fields";
import type { FolderReader } from "./folder";
import { readFolderTokeniser, readWeights, withTokeniser, writeWeights } from "./folder";
import { LABEL_ARCHITECTURE, readAnswers } from "./label-answers";
import { POOLINGS, type LabelModel, type LabelTask, type TargetScale } from "./label-model";
import { checkTensors, encoderShapes, labelHeadShapes } from "./parameters";

/** A label model as a folder: with the tokeniser that its rows were made with, where the folder has it. */
export interface LabelModelFolder extends LabelModel {
  readonly tokeniser: Tokeniser | undefined;
}

const PROBLEMS = { classes: "single_label_classification", targets: "regression" } as const;

function readTask(json: BertConfigJson): LabelTask {
  const names = readAnswers(json);
  const problem = readChoice(json, "problem_type", [PROBLEMS.classes, PROBLEMS.targets]);
  const kind = problem === PROBLEMS.classes ? "classes" : "targets";
  return { kind, count: names.length, names };
}

/** How targets were standardised; models made elsewhere answer in their own unit. */
function readScale(
  notes: BertConfig["notes"],
  { kind, count }: LabelTask,
): TargetScale | undefined {
  if (kind === "classes") return undefined;
  const scale = toRecord(notes["scale"]);
  const numbers = (name: string, otherwise: number): number[] => {
    const found = scale[name];
    const isFit = Array.isArray(found) && found.length === count && found.every(Number.isFinite);
    return isFit ? (found as number[]) : Array.from({ length: count }, () => otherwise);
  };
  return { means: numbers("means", 0), deviations: numbers("deviations", 1) };
}

/**
 * Reads the folder of a BertForSequenceClassification. Throws "missing-file", "bad-file", or "weights-mismatch"
 * where its parts do not belong together.
 */
export async function openLabelFolder(reader: FolderReader): Promise<LabelModelFolder> {
  const { json, tensors } = await readWeights(reader);
  const task = readTask(json);
  const config = readBertConfig(json);
  const pooling = POOLINGS.find((one) => one === config.notes["pooling"]) ?? "cls";
  const shapes = [...encoderShapes(config), ...labelHeadShapes(config, task.count, pooling)];
  return {
    config,
    task,
    pooling,
    scale: readScale(config.notes, task),
    tensors: checkTensors(shapes, tensors),
    tokeniser: await readFolderTokeniser(reader, config),
  };
}

/**
 * The files of a label model as Hugging Face reads them, by name; the inverse of `openLabelFolder`. Logits there
 * are standardised targets: the means and deviations stand under "footfall", and so does a pooling that is not theirs.
 */
export function writeLabelFolder({
  config,
  task,
  pooling,
  scale,
  tensors,
  tokeniser,
}: LabelModelFolder): Map<string, Uint8Array> {
  const names = Array.from({ length: task.count }, (_, k) => task.names?.[k] ?? `LABEL_${k}`);
  const notes = {
    ...config.notes,
    ...(scale && { scale }),
    ...(pooling !== "cls" && { pooling }),
  };
  const json = {
    ...bertConfigToJson({ ...config, notes }),
    architectures: [LABEL_ARCHITECTURE],
    problem_type: PROBLEMS[task.kind],
    id2label: Object.fromEntries(names.map((name, k) => [k, name])),
    label2id: Object.fromEntries(names.map((name, k) => [name, k])),
  };
  return withTokeniser(writeWeights(json, tensors, []), tokeniser);
}
