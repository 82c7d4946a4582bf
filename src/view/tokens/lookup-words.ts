import type { FoundCell, FoundToken, LookupResult } from "../../core/job/lookup";
import { formatPlace } from "../map/format";
import { formatCount, formatCounted, formatProbability } from "../words";

/** What each special token is for, by its usual name. */
export const SPECIAL_ROLES: Readonly<Record<string, string>> = {
  "[PAD]": "fills short trajectories up to the length of the row; nothing attends to it",
  "[UNK]": "stands for what the vocabulary cannot write",
  "[CLS]": "begins every trajectory; its state can stand for the whole of it",
  "[SEP]": "ends every trajectory, and parts two where a task compares them",
  "[MASK]": "hides a piece that the model must guess",
};

/** "1,682 of 572,642 cells (0.29%)", or of a sample of the area where it is too large. */
export function shareOfCells({ cells, searched, areaCount }: LookupResult): string {
  const N = cells.hi.length;
  const share = formatProbability(N / searched);
  if (searched >= areaCount)
    return `${formatCount(N)} of ${formatCount(areaCount)} cells (${share})`;
  return `${formatCount(N)} of ${formatCount(searched)} cells looked through (${share}), a sample of the area’s ${formatCount(areaCount)}`;
}

/** What a piece means, in words: a coarse hexagon, digits below one, or characters of a hash. */
export function meaningOf(text: string, kind: LookupResult["tokeniser"]): string {
  if (kind === "wordpiece") {
    return text.startsWith("##")
      ? `the characters “${text.slice(2)}” inside a hash`
      : `the characters “${text}” at the front of a hash, after the fixed ones`;
  }
  const [level, digits] = text.split("/");
  if (digits === undefined) return kind === "flat" ? "a whole cell" : "a coarse hexagon";
  const first = Number(level);
  const last = first + digits.length - 1;
  if (first === last) return `the child numbered ${digits} on resolution ${level}`;
  return `the children ${digits.split("").join(", ")} on resolutions ${first} to ${last}`;
}

function tokenWords({ id, text, isSpecial }: FoundToken, result: LookupResult): string {
  if (isSpecial)
    return `Token ${id}, ${text}: ${SPECIAL_ROLES[text] ?? "special"}. No place has it.`;
  const where =
    result.cells.hi.length === 0
      ? "No cell of the area has it."
      : `It is in ${shareOfCells(result)} and in ${formatProbability(result.trainShare)} of the check-ins that training sees.`;
  return `Token ${id}, ${text}: ${meaningOf(text, result.tokeniser)}. ${where}`;
}

function outsideWords({ hash, asked, isUnknown }: FoundCell): string {
  const said = `${hash ?? asked} lies outside the area.`;
  if (hash === undefined) return `${said} None of its cells is in it.`;
  return isUnknown
    ? `${said} The vocabulary has no piece for where it lies, so it becomes [UNK], and the model sees only that somebody was somewhere else.`
    : `${said} Its pieces are in the vocabulary all the same, so it can be written, though no cell of the area has all of them.`;
}

function cellWords(found: FoundCell, result: LookupResult): string {
  const { asked, hash, trainVisits } = found;
  const place = formatPlace(found.lat, found.lng);
  if (!found.isInArea) return `${outsideWords(found)} (${place})`;
  const visits =
    trainVisits === 0
      ? "training never saw it"
      : `training saw ${formatCounted(trainVisits, "check-in")} there`;
  if (hash === undefined) {
    return `${asked} (${place}) is coarser than the cells that are written here; it holds ${shareOfCells(result)}, and ${visits}.`;
  }
  const from =
    asked === hash
      ? ""
      : ` ${asked} lies in it: cells of resolution ${result.resolution} are the finest that are written here.`;
  return `${hash} (${place}) is a cell of the area; ${visits}.${from}`;
}

/** What was found, in a sentence or three. */
export function lookupWords(result: LookupResult, vocabularySize: number): string {
  const { found } = result;
  if (found.kind === "token") return tokenWords(found, result);
  if (found.kind === "cell") return cellWords(found, result);
  const like = found.like.length === 0 ? "" : " These pieces hold it:";
  return `No cell, piece or token is called “${found.query}”: expected a hash of 15 digits, the text of a piece, or a number from 0 to ${formatCount(vocabularySize - 1)}.${like}`;
}
