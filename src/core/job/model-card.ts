import { PeriodFinder } from "../data/period";
import { DEFAULT_K, hideRareCells } from "../data/privacy";
import { toRecord } from "../model/config-fields";
import { CARD_FILE, parseJson } from "../model/folder";
import type { DataFacts } from "../train/state";
import { VERSIONS } from "../version";
import { inWords, table, whole, writeCard, type CardData } from "./card-layout";
import type { Dataset } from "./open-dataset";
import { visitorsOf } from "./visitors";

/** What is known of a model folder when its card is written. */
export interface CardFacts {
  /** config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The lines of training.jsonl. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly data: CardData;
  /** Of the training part; the hash is of its tokens or points. */
  readonly training: Partial<DataFacts>;
  /** What it was trained with. */
  readonly program: string;
}

/** What the card of each kind of model says of it alone. */
interface Kind {
  readonly head: readonly string[];
  readonly title: string;
  readonly what: string;
  readonly unit: "tokens" | "points";
  readonly rows: "trajectories" | "windows";
  /** Columns of the scores: their titles, and their names in the log and among the rivals. */
  readonly columns: readonly (readonly [title: string, ...names: string[]])[];
  readonly limits: readonly string[];
}

const BERT: Kind = {
  head: ["library_name: transformers", "pipeline_tag: fill-mask", "tags:", "- bert"],
  title: "BERT on check-ins in H3 cells",
  what: "pre-trained from nothing to guess hidden check-ins of a person's month from the others. Tokens are H3 cells, one or more to a cell: `tokenizer.json` says which. `AutoModelForMaskedLM.from_pretrained` takes the folder as it is.",
  unit: "tokens",
  rows: "trajectories",
  columns: [
    ["Perplexity per token", "perplexity"],
    ["per check-in", "cellPerplexity"],
  ],
  limits: [
    "It writes only the cells of its vocabulary; all others are [UNK].",
    "It sees the order of check-ins, and hours only where `footfall.times` or tokens of time say so.",
    "Perplexities are of other trajectories of the same data: of another place or time nothing is known.",
  ],
};

const GPT: Kind = {
  head: ["library_name: footfall", "tags:", "- gpt"],
  title: "GPT on points",
  what: "pre-trained from nothing to guess the next point of a person's way. A point is latitude and longitude, from -1 to 1 across the `box` of config.json.",
  unit: "points",
  rows: "windows",
  columns: [
    ["Mean squared error", "loss", "mse"],
    ["Mean kilometres", "km"],
    ["after ten points", "generationKm"],
  ],
  limits: [
    "It knows places only inside its box, and steps only of its interval.",
    "Errors are of other windows of the same data: of another place or time nothing is known.",
    "Where most moments are filled in, staying is nearly always right: hold errors against staying.",
  ],
};

/** Validations: before any training, where the loss was lowest, the last one; then tests. */
function scoreLines({ log, config }: CardFacts, { columns }: Kind): string[] {
  const rows = log.filter(({ split }) => split === "validation");
  const lossOf = ({ loss }: CardFacts["log"][number]): number => Number(loss ?? Infinity);
  const best = rows.toSorted((a, b) => lossOf(a) - lossOf(b))[0];
  const last = rows.at(-1);
  const named = [
    ...(rows[0]?.["step"] === 0 ? [["Validation, before training", rows[0]] as const] : []),
    ...(best ? [["Validation, lowest loss", best] as const] : []),
    ...(last && last !== best ? [["Validation, last", last] as const] : []),
    ...log.filter(({ split }) => split === "test").map((one) => ["Test", one] as const),
  ];
  const rivals = Object.entries(toRecord(toRecord(config["footfall"])["baselines"])).flatMap(
    ([name, scores]) => (typeof scores === "object" ? [[name, toRecord(scores)] as const] : []),
  );
  const cells = (scores: Readonly<Record<string, unknown>>): string[] =>
    columns.map(([, ...names]) =>
      inWords(names.map((name) => scores[name]).find((value) => value !== undefined)),
    );
  return table(
    ["Part", "Step", ...columns.map(([title]) => title)],
    [
      ...named.map(([title, scores]) => [title, inWords(scores["step"]), ...cells(scores)]),
      ...rivals.map(([name, scores]) => [`Without a model: ${name}`, "", ...cells(scores)]),
    ],
  );
}

function trainingLines({ config, program }: CardFacts, { unit }: Kind): string[] {
  const { recipe, steps, tokens, points, seconds, engine, compute } = toRecord(config["footfall"]);
  const settings = toRecord(recipe);
  const seen = whole(tokens ?? points, `${unit} seen`);
  const time = whole(seconds, "s");
  const said = [...whole(steps, "steps"), ...seen, ...time, `seed ${String(settings["seed"])}`];
  return [
    `${said.join(", ")}; ${program}, ${String(engine ?? compute)}.`,
    "",
    ...table(
      ["Setting", "Value"],
      Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  ];
}

/**
 * The README.md of a model folder as Hugging Face's model card: what it is, its data, training, scores, limits and
 * what must be said of guesses about people (PV-09, RS-08). The licence is the owner's to choose.
 */
export function modelCard(facts: CardFacts): string {
  const kind = facts.config["model_type"] === "bert" ? BERT : GPT;
  const { config, data, training } = facts;
  const { trajectories, tokens, hash } = training;
  return writeCard({
    ...kind,
    config,
    data,
    learntFrom: [...whole(trajectories, kind.rows), ...whole(tokens, kind.unit)],
    hash: hash === undefined ? undefined : [`training ${kind.unit}`, hash],
    training: trainingLines(facts, kind),
    scores: scoreLines(facts, kind),
  });
}

/** What a card says of a data set of the page. */
export function cardDataOf(dataset: Dataset): CardData {
  const visitors = visitorsOf(dataset);
  const hidden = visitors && hideRareCells(visitors).hidden;
  return {
    name: dataset.name,
    isSimulated: dataset.geography !== undefined,
    period: new PeriodFinder().add(dataset.trajectories.checkIns.startMs).find(),
    ...(hidden !== undefined && { rareCells: { k: DEFAULT_K, cells: hidden } }),
  };
}

/** The files of a model folder of a run, with their card. */
export function withCard(
  files: Iterable<[string, Uint8Array]>,
  data: CardData,
  training: DataFacts,
): Map<string, Uint8Array> {
  const all = new Map(files);
  const log = new TextDecoder().decode(all.get("training.jsonl") ?? new Uint8Array());
  const facts: CardFacts = {
    config: parseJson(all.get("config.json")!, "config.json"),
    log: log.split("\n").flatMap((text) => (text === "" ? [] : [JSON.parse(text) as object])),
    data,
    training,
    program: `Footfall ${VERSIONS.footfall}`,
  } as CardFacts;
  return all.set(CARD_FILE, new TextEncoder().encode(modelCard(facts)));
}
