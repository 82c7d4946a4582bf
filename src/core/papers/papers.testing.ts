import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PaperNumber, Source } from "./sources";

/** Where the papers' texts lie beside a checkout of those who have them; they are no part of the project. */
const FOLDER = join(import.meta.dirname, "../../../../shared/papers");

const FILES = {
  1: "1-pretrained-transformer-uncovers-patterns.txt",
  2: "2-foundation-model-trajectory-intelligence.txt",
  3: "3-raw-regions-are-who-walk-them.txt",
  notes: "NOTES.md",
} as const satisfies Record<PaperNumber | "notes", string>;

/** True where the texts are there to compare with. */
export const hasTexts = existsSync(join(FOLDER, FILES[1]));

/** Why a comparison with the texts is skipped, as part of its name. */
export const needsTexts = hasTexts
  ? ""
  : " (skipped: the papers' texts are not beside this checkout)";

/** The lines of a text. */
export function linesOf(text: PaperNumber | "notes"): string[] {
  return readFileSync(join(FOLDER, FILES[text]), "utf8").split("\n");
}

/** What a source claims and is not so; undefined where its words stand in its line. */
export function faultOf({ text, line, says }: Source): string | undefined {
  const found = linesOf(text)[line - 1] ?? "";
  return found.includes(says) ? undefined : `${text}, line ${line} has no "${says}"`;
}
