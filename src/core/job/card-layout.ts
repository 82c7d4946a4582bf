import type { Period } from "../data/period";
import { DEFAULT_K } from "../data/privacy";
import { toRecord } from "../model/config-fields";
import { SENSITIVE_INFERENCE } from "../papers/sensitive";
import { PAPERS } from "../papers/sources";

/** What a card says of the data; no path and no user. Reports of an earlier version know less. */
export interface CardData {
  readonly name?: string | undefined;
  readonly isSimulated: boolean;
  readonly period?: Period | undefined;
  /** Cells that fewer than k people visited; absent where nobody counted. */
  readonly rareCells?: { readonly k: number; readonly cells: number } | undefined;
}

/** What stands in a card besides what all cards say. */
export interface CardParts {
  /** Lines of the YAML head, the last of them tags. */
  readonly head: readonly string[];
  readonly title: string;
  /** Goes on after "4 layers of 128 with 4 heads, ". */
  readonly what: string;
  /** config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly data: CardData;
  /** Counts of what it learnt from. */
  readonly learntFrom: readonly string[];
  /** What is hashed, and its hash. */
  readonly hash: readonly [of: string, hash: string] | undefined;
  readonly training: readonly string[];
  readonly scores: readonly string[];
  readonly limits: readonly string[];
}

/** A number to four digits; nothing for what is none. */
export const inWords = (value: unknown): string =>
  typeof value === "number" ? value.toLocaleString("en", { maximumSignificantDigits: 4 }) : "";

/** A whole number with its unit, as a list that is empty for what is none. */
export const whole = (value: unknown, unit: string): string[] =>
  typeof value === "number" ? [`${value.toLocaleString("en")} ${unit}`] : [];

/** Under what the data stand; of brought ones only their giver knows. */
const LICENCES = {
  simulated:
    "MIT, as Footfall that simulates them; of a country in Japan's shape the coast is Natural Earth's (public domain) and the cities are GeoNames' (CC BY 4.0)",
  real: "that of whoever gave the data; Footfall does not know it",
} as const;

const row = (texts: readonly string[]): string => `| ${texts.join(" | ")} |`;

/** The lines of a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)];
}

/** Names of files may carry folders; a card carries none. */
const withoutPath = (name: string): string => name.split(/[\\/]/).at(-1)!;

function dataLines({ data, learntFrom, hash }: CardParts): string[] {
  const { name, isSimulated, period } = data;
  return [
    ...(name === undefined ? [] : [`- Name: ${withoutPath(name)}`]),
    `- People: ${isSimulated ? "simulated, nobody real" : "real"}`,
    `- Licence: ${LICENCES[isSimulated ? "simulated" : "real"]}`,
    ...(period ? [`- Period: ${period.from} to ${period.to} (UTC)`] : []),
    ...(learntFrom.length > 0 ? [`- Learnt from: ${learntFrom.join(", ")}`] : []),
    ...(hash === undefined ? [] : [`- Hash of the ${hash[0]}: \`${hash[1]}\``]),
  ];
}

function privacyLines({ data: { isSimulated, rareCells }, config }: CardParts): string[] {
  if (isSimulated) {
    return ["The people are simulated: there is nobody to hide, and no k of visitors applies."];
  }
  const { k = DEFAULT_K, cells } = rareCells ?? {};
  const counted = cells === undefined ? "" : ` (${cells.toLocaleString("en")} cells of these data)`;
  return [
    `k is ${k}: Footfall's maps and files leave out cells that fewer than ${k} people visited${counted}. Training does not: the weights have seen them, and what a model has learnt by heart can be asked out of it. Give it only to those who may have the data.`,
    ...numberedLines(config),
  ];
}

/** What tokens of single people give away (docs/tokens.md); nothing where there are none. */
function numberedLines(config: CardParts["config"]): string[] {
  const { userTokens } = toRecord(toRecord(config["footfall"])["recipe"]);
  if (typeof userTokens !== "number" || userTokens === 0) return [];
  return [
    "",
    `The model knows ${userTokens.toLocaleString("en")} people by number ([USER:1] and so on): whoever has this folder can ask where each of them goes. The k above does not protect them.`,
  ];
}

const section = (title: string, lines: readonly string[]): string[] => [
  "",
  `## ${title}`,
  "",
  ...lines,
];

/** A model card in Hugging Face's form: a YAML head and Markdown. */
export function writeCard(parts: CardParts): string {
  const { head, title, what, config, training, scores, limits } = parts;
  const { num_hidden_layers: layers, hidden_size: width, num_attention_heads: heads } = config;
  const size = `${String(layers)} layer${layers === 1 ? "" : "s"} of ${String(width)} with ${String(heads)} heads`;
  const [paper] = PAPERS;
  const warning = `${SENSITIVE_INFERENCE} (Paper 1: [${paper!.title}](${paper!.link}).)`;
  return [
    "---",
    "# license: the owner of the data and the model chooses one",
    ...head,
    "- h3",
    "- human-mobility",
    "- footfall",
    "---",
    "",
    `# ${title}`,
    "",
    `${size}, ${what}`,
    ...section("Data", dataLines(parts)),
    ...section("Training", training),
    ...section("Scores", scores),
    ...section(
      "Limits",
      limits.map((limit) => `- ${limit}`),
    ),
    ...section("Guesses about people", [warning, "", ...privacyLines(parts)]),
    "",
  ].join("\n");
}
