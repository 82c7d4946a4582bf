/** One way of answering, a row of every table. */
export interface RowFacts {
  readonly name: RowName;
  readonly title: string;
  /** "paper" for the seven of the papers' tables, "rival" for what they lack. */
  readonly kind: "paper" | "rival";
  readonly words: string;
}

export const ROW_NAMES = [
  "transformer-small",
  "transformer-medium",
  "transformer-large",
  "random",
  "zero-shot",
  "few-shot",
  "fine-tuned",
  "constant",
  "coordinates",
  "coordinates-mlp",
  "linear-probe",
  "twin-probe",
  "nearest-embeddings",
  "rule",
  "head",
  "last-place",
  "most-visited",
  "markov",
  "last-week",
] as const;
export type RowName = (typeof ROW_NAMES)[number];

const ROWS: Readonly<Record<RowName, readonly [title: string, words: string]>> = {
  "transformer-small": [
    "Transformer small",
    "a quarter of the layers, random weights, trained on the labels",
  ],
  "transformer-medium": [
    "Transformer medium",
    "half of the layers, random weights, trained on the labels",
  ],
  "transformer-large": [
    "Transformer large",
    "three quarters of the layers, random weights, trained on the labels",
  ],
  random: [
    "BERT, randomly initialised",
    "the same architecture with random weights, trained on the labels",
  ],
  "zero-shot": [
    "BERT, pre-trained, zero-shot",
    "the pre-trained weights with a random head, not trained at all",
  ],
  "few-shot": ["BERT, pre-trained, few-shot", "the pre-trained weights, trained on 64 labels"],
  "fine-tuned": ["BERT, pre-trained, fine-tuned", "the pre-trained weights, trained on the labels"],
  constant: ["majority or mean", "the same answer for every example"],
  coordinates: [
    "nearest labels by place",
    "k nearest labelled examples by coordinates, k chosen on validation",
  ],
  "coordinates-mlp": [
    "small network on coordinates",
    "two hidden layers of 32 on latitude and longitude",
  ],
  "linear-probe": ["linear probe", "one linear layer on frozen pre-trained embeddings"],
  "twin-probe": ["linear probe of the twin", "one linear layer on frozen random embeddings"],
  "nearest-embeddings": [
    "nearest embeddings",
    "k nearest labelled examples by pre-trained embedding",
  ],
  rule: ["rule without a model", "a threshold on one number, chosen on the training examples"],
  head: ["masked-language head", "the pre-trained model as it is: the next hidden check-in"],
  "last-place": ["last place seen", "the last cell of the beginning, then those before it"],
  "most-visited": ["most frequent place", "the cells of the beginning, most visited first"],
  markov: ["Markov", "cells that followed the last one in the training part, most often first"],
  "last-week": ["same time last week", "the cell at the same weekday and hour in the beginning"],
};

const PAPER_ROWS = 7;

/** What is known of a row. */
export function rowFacts(name: RowName): RowFacts {
  const [title, words] = ROWS[name];
  const kind = ROW_NAMES.indexOf(name) < PAPER_ROWS ? "paper" : "rival";
  return { name, title, kind, words };
}

/** Layers of the paper's baselines beside the twelve of its model (paper 1, Table 13). */
const PAPER_LAYERS = {
  "transformer-small": 3,
  "transformer-medium": 6,
  "transformer-large": 9,
} as const;

/** Layers of a row's model: the paper's, times the main model's layers over twelve, at least one. */
export function layersOf(name: RowName, layerCount: number): number {
  if (!(name in PAPER_LAYERS)) return layerCount;
  const paper = PAPER_LAYERS[name as keyof typeof PAPER_LAYERS];
  return Math.max(1, Math.round((paper * layerCount) / 12));
}
