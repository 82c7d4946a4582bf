import facts from "./facts.json";
import limits from "./limits.json";
import register from "./register.json";
import related from "./related.json";
import type { Mark, PaperNumber, Source } from "./sources";

/** A number or a name that a paper states beside its tables. */
export interface Fact {
  readonly id: string;
  readonly paper: PaperNumber;
  readonly what: string;
  readonly value: number | string;
  readonly unit?: string;
  readonly mark: Mark;
  readonly source: Source;
}

/** A detail that a paper leaves out or that was looked for elsewhere, and what the app makes of it (DC-02). */
export interface RegisterEntry {
  readonly id: string;
  /** Section of the notes: 1.1 for paper 2, 1.2 for paper 1, 1.3 for RAW. */
  readonly section: string;
  readonly item: string;
  readonly found: string;
  readonly mark: Mark;
  readonly source: Source;
  /** What the app does about it. */
  readonly here: string;
  /** Names of the app's defaults that rest on it. */
  readonly uses?: readonly string[];
}

/** A step of a shipped notebook, where something can be seen. */
export interface StepLink {
  readonly notebook: "masking" | "adaptation" | "papers" | "import";
  readonly step: string;
  /** A part of the step with an address of its own, such as "table-2". */
  readonly part?: string;
  /** The task that the step of tables is to ask. */
  readonly task?: string;
  /** The experiment that the step of experiments is to be set to. */
  readonly experiment?: string;
  /** What the step of sweeps is to compare. */
  readonly over?: string;
}

/** Something that a paper cannot show, and what here addresses it (SD-16, SD-17, SD-19). */
export interface Limit {
  readonly id: string;
  readonly paper: PaperNumber;
  readonly limit: string;
  readonly source: Source;
  readonly addressed: string;
  readonly link: StepLink;
}

/** A neighbouring work (DC-03). */
export interface RelatedWork {
  readonly name: string;
  readonly year: number;
  /** Words asked of a language model, trajectories from scratch, or trips on a road map. */
  readonly kind: "language" | "trajectory" | "road";
  readonly what: string;
  /** Absent where no address could be checked. */
  readonly link?: string;
  /** What was read of it. */
  readonly source: string;
  readonly note?: string;
}

/** Perplexities, facts on the data and the machines, and all that is known of papers 2 and 3. */
export const FACTS = facts as readonly Fact[];
/** Found, inferred, unknown. */
export const REGISTER = register as readonly RegisterEntry[];
export const LIMITS = limits as readonly Limit[];
/** Paper 1's Table 1, and what came around and after it. */
export const RELATED = related as readonly RelatedWork[];

/** The number that a paper states, by the fact's id. Only for ids of facts.json whose value is a number. */
export function factNumber(id: string): number {
  return Number(FACTS.find((fact) => fact.id === id)!.value);
}
