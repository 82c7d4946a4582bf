/** What both programs adapt: written once, read by PyTorch. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdaptStand } from "../../../core/job/adapt-stand";
import { bertConfigToJson } from "../../../core/model/config";
import { initialiseLabelHead } from "../../../core/model/parameters";
import { writeSafetensors } from "../../../core/model/safetensors";
import { MODEL_ROWS, labelTask, startOf, type ModelRow } from "../../../core/task/table/run-model";
import type { ExampleSplit } from "../../../core/task/tasks/examples";
import { planLabelEpoch } from "../../../core/train/label-batches";

/** Epochs of a row: nothing is trained in zero-shot. */
export const epochsOf = (row: ModelRow, { settings }: Pick<AdaptStand, "settings">): number =>
  row === "zero-shot" ? 0 : settings.training.epochs;

/** The rows of each step of each epoch, as places among all examples. */
function stepsOf(
  row: ModelRow,
  { examples, settings, seed }: AdaptStand,
  train: Uint32Array,
): number[][][] {
  const sequences = Array.from(train, (n) => examples.sequences[n]!);
  const options = { ...settings.training, seed };
  return Array.from({ length: epochsOf(row, { settings }) }, (_, epoch) =>
    planLabelEpoch(sequences, options, epoch + 1).map((rows) => Array.from(rows, (n) => train[n]!)),
  );
}

/** What a row learns from. */
export const trainOf = (row: ModelRow, split: ExampleSplit): Uint32Array =>
  row === "few-shot" ? split.few : split.train;

/** Writes plan.json and the weights that each row starts from. */
export async function writeTorchPlan(
  folder: string,
  { stand, split, threads }: { stand: AdaptStand; split: ExampleSplit; threads: number },
): Promise<void> {
  const { examples, settings, seed } = stand;
  const { config, tensors } = stand.model.folder;
  const { labels } = examples;
  const { count } = labelTask(labels);
  const runs = [];
  for (const row of MODEL_ROWS) {
    const start = startOf(row, { config, tensors }, seed);
    const head = initialiseLabelHead(start.config, count, settings.training.pooling, seed);
    const weights = `${row}.safetensors`;
    await writeFile(join(folder, weights), writeSafetensors(new Map([...start.tensors, ...head])));
    const train = trainOf(row, split);
    runs.push({
      name: row,
      weights,
      config: sizesOf(bertConfigToJson(start.config)),
      train: [...train],
      epochs: stepsOf(row, stand, train),
      asked: { validation: [...split.validation], test: [...split.test] },
    });
  }
  const plan = {
    threads,
    kind: labels.kind,
    answers: count,
    sequences: examples.sequences.map((tokens) => [...tokens]),
    labels: [
      ...(labels.kind === "classes"
        ? labels.classes
        : labels.kind === "numbers"
          ? labels.targets
          : labels.cells),
    ],
    training: settings.training,
    runs,
  };
  await writeFile(join(folder, "plan.json"), JSON.stringify(plan));
}

/** What scale/model.py calls its configuration. */
const SIZES = [
  "vocab_size",
  "hidden_size",
  "num_hidden_layers",
  "num_attention_heads",
  "intermediate_size",
  "max_position_embeddings",
  "layer_norm_eps",
];

const sizesOf = (json: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(SIZES.map((name) => [name, json[name]]));
