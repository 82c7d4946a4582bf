/**
 * How far a statement about the papers can be trusted: read in the paper or the authors' code (FOUND-P), read in
 * somebody's notes on it (FOUND-S), worked out here (COMPUTED), a reading of the evidence (INFERRED), or looked
 * for and absent (NOT FOUND).
 */
export type Mark = "FOUND-P" | "FOUND-S" | "COMPUTED" | "INFERRED" | "NOT FOUND";

/** The three papers by number, in the order in which the project names them. */
export type PaperNumber = 1 | 2 | 3;

/** A line of a text that was read; `says` stands in that line, letter for letter. */
export interface Source {
  /** The paper's text, or the project's notes on all three. */
  readonly text: PaperNumber | "notes";
  /** From 1. */
  readonly line: number;
  readonly says: string;
}

export interface Paper {
  readonly number: PaperNumber;
  readonly title: string;
  readonly short: string;
  readonly year: number;
  readonly link: string;
  /** What was read of it. */
  readonly read: string;
}

/** The papers that the project implements. */
export const PAPERS: readonly Paper[] = [
  {
    number: 1,
    title: "Pre-trained Transformer Uncovers Meaningful Patterns in Human Mobility Data",
    short: "Najjar 2024",
    year: 2024,
    link: "https://arxiv.org/abs/2406.04029",
    read: "the full text without its figures",
  },
  {
    number: 2,
    title: "Towards A Foundation Model For Trajectory Intelligence",
    short: "Najjar 2023",
    year: 2023,
    link: "https://arxiv.org/abs/2312.00076",
    read: "a summary, and a reader’s notes on the full text",
  },
  {
    number: 3,
    title:
      "Regions are Who Walk Them: a Large Pre-trained Spatiotemporal Model Based on Human Mobility for Ubiquitous Urban Sensing",
    short: "RAW 2023",
    year: 2023,
    link: "https://arxiv.org/abs/2311.10471",
    read: "a summary, and the authors’ code",
  },
];

/** "paper 1, line 54" or "project notes, line 12". */
export function sourceWords({ text, line }: Source): string {
  return text === "notes" ? `project notes, line ${line}` : `paper ${text}, line ${line}`;
}
