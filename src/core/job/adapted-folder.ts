import { CARD_FILE } from "../model/folder";
import { writeLabelFolder } from "../model/label-folder";
import type { Pooling } from "../model/label-model";
import { METRICS } from "../task/tasks/metric-names";
import { CHOICES } from "../task/table/results";
import { rowFacts } from "../task/table/rows";
import type { RunDone } from "../task/table/fill-table";
import type { AdaptStand } from "./adapt-stand";
import { inWords, table, whole, writeCard } from "./card-layout";
import { cardDataOf } from "./model-card";

const CHOICE_WORDS = {
  bestOnTest: "Best on test",
  bestOnValidation: "Best on validation: these weights",
  last: "Last epoch",
} as const;

function trainingLines({ origin, settings, model }: AdaptStand, { outcome }: RunDone): string[] {
  const { seed, split, train, test } = outcome;
  const { footfall } = origin.versions;
  return [
    `From the weights of ${model.name} (hash \`${origin.model.hash}\`), or random ones of their shape where the row says so: ${rowFacts(outcome.row).words}. Split ${split}, ${train} examples to learn from, ${test} to test on, seed ${seed}; Footfall ${footfall}, ${origin.engine}.`,
    "",
    ...table(
      ["Setting", "Value"],
      Object.entries(settings.training).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  ];
}

function scoreLines({ task }: AdaptStand, { outcome: { scores } }: RunDone): string[] {
  return table(
    ["Epoch of the test part", ...task.metrics.map((name) => METRICS[name].title)],
    CHOICES.map((choice) => [
      CHOICE_WORDS[choice],
      ...task.metrics.map((name) => inWords(scores[choice][name])),
    ]),
  );
}

/** What opens the folder: a head over two parts is none that Hugging Face has. */
const modelWords = (pooling: Pooling): string =>
  pooling === "pair"
    ? "Its encoder opens as Hugging Face's `BertModel`; the head over both parts is Footfall's (\"pair\" under `footfall` in config.json)"
    : "Hugging Face's `BertForSequenceClassification` with the pooling that stands under `footfall` in config.json";

/** The card of adapted weights (PV-09). */
function adaptedCard(stand: AdaptStand, done: RunDone, config: Record<string, unknown>): string {
  const { task, dataset, origin, examples } = stand;
  const { title } = rowFacts(done.outcome.row);
  return writeCard({
    head: ["library_name: transformers", "pipeline_tag: text-classification", "tags:", "- bert"],
    title: `${task.title}: ${title}`,
    what: `adapted to answer one question about ${examples.unit}: ${task.title} (${task.formula}). ${modelWords(stand.settings.training.pooling)}; answers that are numbers are standardised, with means and deviations there.`,
    config,
    data: cardDataOf(dataset),
    learntFrom: whole(examples.count, `${examples.unit} of the test part of these data`),
    hash: ["cells and check-ins", origin.data.hash],
    training: trainingLines(stand, done),
    scores: scoreLines(stand, done),
    limits: [
      "It answers this question alone, for cells of its vocabulary.",
      "Scores are of other examples of the same data: of another place or time nothing is known.",
      "Neighbouring cells resemble one another: hold scores of a random split against those of blocks.",
      ...examples.notes,
    ],
  });
}

/**
 * The model folder of a row's run as Hugging Face reads it, with its card: the weights that were best on validation.
 * Undefined for rows without weights of their own.
 */
export function adaptedFiles(
  stand: AdaptStand,
  done: RunDone,
): Map<string, Uint8Array> | undefined {
  const { task, model, settings, origin } = stand;
  const { labelModel } = done.trained ?? {};
  if (labelModel === undefined) return undefined;
  const { row, split, seed, scores } = done.outcome;
  const adapted = { task: task.name, row, split, seed, settings, scores, origin };
  const config = { ...labelModel.config, notes: { ...labelModel.config.notes, adapted } };
  const files = writeLabelFolder({ ...labelModel, config, tokeniser: model.tokeniser });
  const json = JSON.parse(new TextDecoder().decode(files.get("config.json"))) as object;
  const card = adaptedCard(stand, done, { ...json });
  return files.set(CARD_FILE, new TextEncoder().encode(card));
}
