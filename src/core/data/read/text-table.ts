import { FootfallError } from "../../errors";
import { readHead } from "./bytes";
import { findCandidates, ROLES, type TableSample } from "./columns";
import { checkText, toUtf8 } from "./encoding";
import { parseNumberText } from "./fields";
import { RowScanner, type RowShape } from "./rows";
import type { Guess, ReadOptions, SourceFile } from "./source";
import { parseClockTime } from "./time-text";

/** So much of a file is looked at before its columns are decided. */
const SAMPLE_BYTES = 1 << 19;
const SAMPLE_ROWS = 1000;
/** Rows by which the delimiter is guessed. */
const SHAPE_ROWS = 100;
/** As many as a spreadsheet has; a table of points needs four. */
const MOST_COLUMNS = 16_384;

const DELIMITERS: readonly [mark: string, name: string][] = [
  [",", "comma"],
  ["\t", "tab"],
  [";", "semicolon"],
  ["|", "bar"],
  [" ", "space"],
];

/** Names of the columns of a file without a header, where its format knows them. */
export interface TextLayout {
  names?: readonly string[] | undefined;
}

/** How a text file is cut into rows, and the first of them. */
export interface TextTable {
  shape: RowShape;
  /** Fields of a row: of the header, or of most rows. */
  width: number;
  sample: TableSample;
  /** "comma", ... */
  delimiter: Guess<string>;
  header: Guess<boolean>;
}

/** The first bytes in UTF-8, and whether they are the whole file. */
async function readSample(file: SourceFile): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const head = await readHead(file, SAMPLE_BYTES);
  checkText(file.path, head);
  async function* once() {
    yield await Promise.resolve(head);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of toUtf8(once())) pieces.push(piece);
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes, isWhole: head.length < SAMPLE_BYTES };
}

interface Sample {
  bytes: Uint8Array;
  isWhole: boolean;
}

/** Rows of the sample that are not blank, one after the other; the scanner is the same object each time. */
function* scanSample({ bytes, isWhole }: Sample, shape: RowShape, limit: number) {
  const scanner = new RowScanner(shape, limit);
  scanner.push(bytes);
  if (isWhole) scanner.finish();
  while (scanner.next()) if (!scanner.isBlank && !scanner.isTooLong) yield scanner;
}

/** The commonest number of fields of the first rows, and the share of rows that have it. */
function countFields(
  sample: Sample,
  shape: RowShape,
): { width: number; share: number; rows: number } {
  const counts = new Map<number, number>();
  let rows = 0;
  for (const { fields } of scanSample(sample, shape, 1)) {
    counts.set(fields, (counts.get(fields) ?? 0) + 1);
    if (++rows === SHAPE_ROWS) break;
  }
  const [width, count] = [...counts].reduce(
    (most, next) => (next[1] > most[1] ? next : most),
    [1, 0],
  );
  return { width, share: rows === 0 ? 0 : count / rows, rows };
}

/** The delimiter that cuts most rows alike into most fields; a space only where no other cuts at all. */
function guessDelimiter(sample: Sample, lineEnd: number): Guess<string> {
  let best = { value: ",", why: "nothing else parts the fields", score: 0 };
  for (const [mark] of DELIMITERS) {
    const { width, share, rows } = countFields(sample, { delimiter: mark.charCodeAt(0), lineEnd });
    const score = share * (width - 1);
    if (score <= best.score || (mark === " " && (best.score > 0 || width < 3))) continue;
    const percent = share === 1 ? "all" : `${Math.floor(share * 100)} %`;
    best = {
      value: mark,
      score,
      why:
        rows === 1
          ? `the only row has ${width} fields`
          : `${percent} of the first ${rows} rows have ${width} fields`,
    };
  }
  return best;
}

const nameOfDelimiter = (mark: string): string =>
  DELIMITERS.find(([known]) => known === mark)?.[1] ?? `"${mark}"`;

function chosenDelimiter(path: string, mark: string): Guess<string> {
  const code = mark.charCodeAt(0);
  if (mark.length === 1 && code < 128 && mark !== '"' && mark !== "\n" && mark !== "\r") {
    return { value: mark, why: "chosen" };
  }
  throw new FootfallError(
    "bad-input",
    `${path}: "${mark}" cannot part fields; expected one ASCII character such as a comma or a tab`,
  );
}

/** Old Macintosh files end lines with a return alone. */
const lineEndOf = (bytes: Uint8Array): number =>
  bytes.includes(10) || !bytes.includes(13) ? 10 : 13;

const looksLikeValue = (field: string): boolean =>
  !Number.isNaN(parseNumberText(field)) || parseClockTime(field.trim()) !== undefined;

/** A header names a role, or has no value where the rows below have some. */
function guessHeader(path: string, rows: readonly string[][]): Guess<boolean> {
  const names = rows[0] ?? [];
  const known = findCandidates({ path, names, hasHeader: true, rows: [] });
  const name = ROLES.flatMap((role) => known[role])[0];
  if (name) return { value: true, why: `the first row has the name "${name.value}"` };
  const value = names.find(looksLikeValue);
  if (value !== undefined) return { value: false, why: `the first row has the value ${value}` };
  const isBelow = rows.slice(1).some((row) => row.some(looksLikeValue));
  return isBelow
    ? { value: true, why: "the first row has no values, those below have" }
    : { value: rows.length > 1, why: "no row has values" };
}

function checkWidth(path: string, sample: Sample, shape: RowShape): void {
  const first = scanSample(sample, shape, 1).next().value;
  if (!first && sample.bytes.length >= SAMPLE_BYTES) {
    throw new FootfallError(
      "bad-file",
      `${path} has no end of a line in its first ${SAMPLE_BYTES.toLocaleString("en")} bytes; expected a table with a row on each line`,
    );
  }
  if (!first) throw new FootfallError("bad-file", `${path} is empty: it has blank lines only`);
  if (first.fields <= MOST_COLUMNS) return;
  throw new FootfallError(
    "bad-file",
    `${path} has ${first.fields.toLocaleString("en")} columns; expected at most ${MOST_COLUMNS.toLocaleString("en")}: leave only user, time, latitude and longitude`,
  );
}

function readRows(sample: Sample, shape: RowShape): string[][] {
  const rows: string[][] = [];
  for (const scanner of scanSample(sample, shape, MOST_COLUMNS)) {
    rows.push(scanner.texts());
    if (rows.length > SAMPLE_ROWS) break;
  }
  return rows;
}

/** Looks at the beginning of a text file. Throws "bad-file" where it is empty, binary or no table. */
export async function openTextTable(
  file: SourceFile,
  options: ReadOptions,
  layout: TextLayout = {},
): Promise<TextTable> {
  const { path } = file;
  const head = await readSample(file);
  const lineEnd = lineEndOf(head.bytes);
  const mark = options.delimiter;
  const found = mark === undefined ? guessDelimiter(head, lineEnd) : chosenDelimiter(path, mark);
  const shape = { delimiter: found.value.charCodeAt(0), lineEnd };
  checkWidth(path, head, shape);
  const rows = readRows(head, shape);
  const isChosen = options.hasHeader !== undefined;
  const header = isChosen ? { value: options.hasHeader!, why: "chosen" } : guessHeader(path, rows);
  const width = header.value ? rows[0]!.length : countFields(head, shape).width;
  const numbered = Array.from({ length: width }, (_, i) => `column ${i + 1}`);
  const own = header.value ? rows.shift()!.map((name) => name.trim()) : layout.names;
  const names = own ?? numbered;
  const sample = { path, names, hasHeader: own !== undefined, rows };
  const delimiter = { value: nameOfDelimiter(found.value), why: found.why };
  return { shape, width, sample, delimiter, header };
}
