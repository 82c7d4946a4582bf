/** What of the papers a step shows. */
export const PAPER_PARTS = ["verdict", "numbers", "errata", "register", "map", "reading"] as const;
export type PaperPart = (typeof PAPER_PARTS)[number];
