import { CLAIMS } from "./claims";
import { ERRATA } from "./errata";
import type { StepLink } from "./facts";
import figures from "./figures.json";
import { BASELINE_SIZES, HYPER_PARAMETERS, PUBLISHED_TABLES } from "./published";
import type { PaperNumber } from "./sources";

/** Something in a paper and the step that shows it (DC-01). */
export interface MapEntry {
  readonly paper: PaperNumber;
  readonly kind: "table" | "figure" | "hyper-parameter" | "claim" | "erratum" | "experiment";
  readonly name: string;
  /** What is shown there. */
  readonly shown: string;
  /** Undefined where nothing shows it yet. */
  readonly link?: StepLink;
}

const papers = (step: string, part?: string): StepLink => {
  return { notebook: "papers", step, ...(part && { part }) };
};
const TRAINING: StepLink = { notebook: "masking", step: "pretrain" };

const tables: MapEntry[] = PUBLISHED_TABLES.map(({ table, title }) => {
  const shown = "every printed number, with ours beside it";
  return {
    paper: 1,
    kind: "table",
    name: `Table ${table}: ${title}`,
    shown,
    link: papers("numbers", `table-${table}`),
  };
});

const otherTables: MapEntry[] = [
  {
    paper: 1,
    kind: "table",
    name: "Table 1: Previous works",
    shown: "the works, and what came around and after them",
    link: papers("reading", "related"),
  },
  {
    paper: 1,
    kind: "table",
    name: "Table 13: Baselines",
    shown: `the ${BASELINE_SIZES.length} sizes`,
    link: papers("numbers", "table-13"),
  },
  {
    paper: 1,
    kind: "table",
    name: "Table 14: Hyper-parameters",
    shown: "all of them; each also below",
    link: papers("numbers", "table-14"),
  },
];

const valueText = (value: number | string | boolean): string =>
  typeof value === "boolean" ? (value ? "yes" : "no") : String(value);

const hyperParameters: MapEntry[] = HYPER_PARAMETERS.map(({ name, preTraining }) => {
  return {
    paper: 1,
    kind: "hyper-parameter",
    name: `${name}: ${valueText(preTraining)} in pre-training`,
    shown: "the preset “base” has it; a smaller preset marks what it scaled down",
    link: TRAINING,
  };
});

/** The columns of adaptation; "–" where the paper says that there is none. */
const adaptation: MapEntry[] = HYPER_PARAMETERS.map(({ name, trajectory, region }) => {
  return {
    paper: 1,
    kind: "hyper-parameter",
    name: `${name}: ${valueText(trajectory)} for trajectories, ${valueText(region)} for regions in adaptation`,
    shown: "the preset “the paper’s” has it; the other marks every value that differs",
    link: { notebook: "adaptation", step: "adapt" },
  };
});

const claims: MapEntry[] = CLAIMS.map(({ paper, claim }) => {
  return { paper, kind: "claim", name: claim, shown: "its verdict", link: papers("verdict") };
});

const errata: MapEntry[] = ERRATA.map(({ number, title, sources }) => {
  const paper = sources[0]!.text === "notes" ? 3 : sources[0]!.text;
  const name = `${number}. ${title}`;
  return {
    paper,
    kind: "erratum",
    name,
    shown: "its computation, live",
    link: papers("errata", `erratum-${number}`),
  };
});

/** Every table, figure, hyper-parameter, experiment, claim and erratum with the step that shows it. */
export const PAPER_MAP: readonly MapEntry[] = [
  ...otherTables.slice(0, 1),
  ...tables,
  ...otherTables.slice(1),
  ...(figures as readonly MapEntry[]),
  ...hyperParameters,
  ...adaptation,
  ...claims,
  ...errata,
];
