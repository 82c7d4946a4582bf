import type { MeasureName } from "./readings";

/** The papers' open questions that can be run here, the ones that need no training first. */
export const EXPERIMENTS = [
  "order",
  "noise",
  "rare",
  "tokens",
  "countries",
  "time-slices",
  "times",
] as const;
export type ExperimentName = (typeof EXPERIMENTS)[number];

/** How much of it is run, as plain JSON. */
export interface ExperimentSettings {
  /** Runs with other chance, whose seeds count on from the first. */
  readonly seeds: number;
  /** Hidden check-ins, or examples of each task. */
  readonly count: number;
  /** Steps of each pre-training run; for experiments that need none it says nothing. */
  readonly steps: number;
}

/** Bounds of the settings, both ends included. */
export const SETTING_BOUNDS: Readonly<Record<keyof ExperimentSettings, readonly [number, number]>> =
  {
    seeds: [1, 30],
    count: [20, 100_000],
    steps: [10, 1_000_000],
  };

/** What the chart of an experiment shows first. */
export interface ChartFacts {
  readonly measure: MeasureName;
  /** Curves where settings are numbers in an order, else a place for each setting. */
  readonly shape: "curves" | "places";
  readonly isLog: boolean;
}

interface ExperimentWords {
  readonly title: string;
  /** What a choice of experiments says. */
  readonly choice: string;
  /** What is asked and where it comes from. */
  readonly question: string;
  /** How it is measured and what must be known to read it. */
  readonly notes: readonly string[];
  /** Heads the settings: what differs from row to row. */
  readonly column: string;
  /** True where models are pre-trained for it; the others ask the model that is there. */
  readonly trains: boolean;
  readonly chart: ChartFacts;
  readonly settings: ExperimentSettings;
}

const GAIN_NOTE =
  "The gain is the F of the fine-tuned model less that of its random twin on the same examples, or the share of the twin's error that is gone (kilometres; of numbers the root mean square); by a linear probe the same of frozen states.";

/** How each experiment is called, and what must be known to read it. */
export const EXPERIMENT_WORDS: Readonly<Record<ExperimentName, ExperimentWords>> = {
  order: {
    title: "Check-ins in another order",
    choice: "order: check-ins shuffled",
    question:
      "Paper 2, mechanism 1: masking teaches context in both directions. If the model reads the order, it must be more surprised where the order is gone.",
    notes: [
      "A share of the check-ins of each trajectory change places with one another at random; the same ones are hidden (a fifth, as in pre-training) in every order, and the model sees the same check-ins each time.",
      "The random twin has learnt nothing, so nothing can be taken from it.",
    ],
    column: "check-ins out of order",
    trains: false,
    chart: { measure: "perplexity", shape: "curves", isLog: true },
    settings: { seeds: 3, count: 150, steps: 0 },
  },
  noise: {
    title: "Noise in the check-ins",
    choice: "noise: moved, missing, somebody else's",
    question:
      "Paper 2, next check 2: how much noise in the data can the model bear? One check-in is hidden; the others are moved, missing or another person's.",
    notes: [
      "Places are moved by normal noise from the middle of their cell (standard deviation in metres, east and north each), so that little happens below the size of a cell. The hidden check-in itself is never changed; perplexity and distance are those of the true one. The random twin is asked the same, perplexities alone: it has learnt nothing that noise could take from it.",
      "The home is the cell most often visited in the trajectory without noise; a linear probe learns it from trajectories without noise and is asked with noise. The previous place is the nearest earlier check-in that is shown.",
    ],
    column: "check-ins around",
    trains: false,
    chart: { measure: "perplexity", shape: "curves", isLog: true },
    settings: { seeds: 3, count: 30, steps: 0 },
  },
  rare: {
    title: "Rare and unseen places",
    choice: "rare places: error by visits",
    question:
      "Paper 2, open question 3: what does the model know of places that few people visit? Hidden check-ins, and where a probe puts cells, by how often the training part saw the cell.",
    notes: [
      "The same number of hidden check-ins is asked of each band, however rare it is in the data. Visits are those of the training part of these data; a model that was trained on more people has seen more.",
      "The probe is linear, on the frozen states of a cell alone; it learns where 1,500 other cells lie. Counting visits gives each cell (visits + 1) / (all visits + cells).",
    ],
    column: "visits in training",
    trains: false,
    chart: { measure: "perplexity", shape: "places", isLog: true },
    settings: { seeds: 3, count: 40, steps: 0 },
  },
  tokens: {
    title: "Gain by the tokens of pre-training",
    choice: "tokens: gain on tasks by pre-training",
    question:
      "Paper 2, mechanism 3: pre-training transfers, and more of it transfers more, unless the task is far. Small models are pre-trained for more and more steps, then fine-tuned on near tasks and on water, the far one.",
    notes: [
      "Each number of steps is a run of its own that comes to its end; perplexities are those of the validation part, with the same masks for all.",
      GAIN_NOTE,
    ],
    column: "pre-trained for",
    trains: true,
    chart: { measure: "gain", shape: "curves", isLog: false },
    settings: { seeds: 3, count: 300, steps: 300 },
  },
  countries: {
    title: "From one country to another",
    choice: "countries: pre-trained in one, tested in another",
    question:
      "Paper 2, next check 1: does what was learnt in one geography help in another? Models are pre-trained in a simulated country (A, in Japan's shape), in another one that has nothing of its geography (B, an invented archipelago), or not at all; each is adapted to and asked about both.",
    notes: [
      "One vocabulary of digits holds the cells of both. Pre-training in one country never reads a coarse cell of the other, so that its token stays all but random: what comes along is the body of the model and the last digits.",
      "Perplexities are those of hidden check-ins of the test part, a fifth hidden, among the cells of the country that is asked about: as the model is, and adapted by an eighth of the steps in that country.",
      GAIN_NOTE,
    ],
    column: "where",
    trains: true,
    chart: { measure: "probeGain", shape: "places", isLog: false },
    settings: { seeds: 3, count: 300, steps: 300 },
  },
  "time-slices": {
    title: "Day, night, weekday, weekend",
    choice: "time slices: four models, each asked about all",
    question:
      "Paper 2, experiment 3: is walking by day another language than by night, on weekdays than on weekends? Four models learn one part of the week each and are asked about all four.",
    notes: [
      "All models take the same number of steps and answer the same questions: hidden check-ins of the test part, a fifth hidden, in trajectories of one part of the week alone. A part with few check-ins is seen more often in the same steps.",
    ],
    column: "asked about",
    trains: true,
    chart: { measure: "perplexity", shape: "places", isLog: true },
    settings: { seeds: 3, count: 100, steps: 300 },
  },
  times: {
    title: "With the time of each check-in",
    choice: "times: hour of the week at the input, or not",
    question:
      "Paper 1's future work and paper 2, open question 1: does it help to tell the model the hour of the week? Paired runs with the same seeds, and what tasks on trajectories gain.",
    notes: [
      "The hour of the week (168) of each check-in is added at the input, in pre-training and in fine-tuning; the rest of the two runs is the same. A cell alone has no hour.",
      GAIN_NOTE,
    ],
    column: "input",
    trains: true,
    chart: { measure: "perplexity", shape: "places", isLog: true },
    settings: { seeds: 3, count: 300, steps: 300 },
  },
};
