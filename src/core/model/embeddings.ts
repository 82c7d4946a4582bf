import { FootfallError } from "../errors";
import { readSafetensors } from "./safetensors";
import { createPace, type Progress } from "../pace";
import { fieldText, openTable, type Field, type TableFile } from "../truth/table-file";
import { toHash } from "../truth/cell-keys";
import { isMatrix } from "../truth/layer-kinds";
import { readHead } from "../data/read/bytes";
import { parseNumberText } from "../data/read/fields";
import { readNpy } from "../data/columnar/npy";
import type { SourceFile } from "../data/read/source";

/** Embeddings that another program made, one row a key. */
export interface Embeddings {
  /** What the keys are: H3 cells (hashes, in lower case) or users by their names in the data. */
  readonly key: "cell" | "user";
  readonly keys: readonly string[]; // [N], distinct
  readonly width: number; // C
  readonly data: Float32Array; // [N, C]
  /** The file and how it was read, in words. */
  readonly source: string;
}

interface Read {
  keys: string[];
  width: number;
  data: Float32Array;
  /** The column or file that the keys come from. */
  keyName: string;
}

const bad = (path: string, what: string): FootfallError =>
  new FootfallError("bad-file", `${path}: ${what}`);

/** Rows of numbers, all of one width. */
class RowBuilder {
  readonly #path: string;
  readonly #rows: Float32Array[] = [];
  readonly keys: string[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  add(key: string, row: Float32Array, line: number): void {
    const width = this.#rows[0]?.length ?? row.length;
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (row.length !== width || width === 0)
      throw bad(this.#path, `row ${line} has ${row.length} numbers, the first one ${width}`);
    if (wrong >= 0) throw bad(this.#path, `row ${line}, number ${wrong + 1} is no finite number`);
    this.#rows.push(row);
    this.keys.push(key);
  }

  build(keyName: string): Read {
    const width = this.#rows[0]?.length ?? 0;
    const data = new Float32Array(this.#rows.length * width);
    this.#rows.forEach((row, n) => data.set(row, n * width));
    return { keys: this.keys, width, data, keyName };
  }
}

const KEY_NAMES = ["cell", "h3", "h3_index", "hex", "hash", "user", "user_id", "uid", "key", "id"];

/** The column of keys: one of the usual names, else the first column. */
const findKeyColumn = ({ names }: TableFile): string =>
  KEY_NAMES.flatMap((name) => names.filter((own) => own.toLowerCase() === name))[0] ?? names[0]!;

const asNumbers = (fields: readonly Field[]): Float32Array =>
  Float32Array.from(fields, (field) => parseNumberText(fieldText(field)));

const isList = (field: unknown): field is ArrayLike<number> =>
  Array.isArray(field) || (ArrayBuffer.isView(field) && !(field instanceof DataView));

/** A column of keys beside one column of lists, or beside as many columns of numbers as they are wide. */
async function* readTable(
  file: SourceFile,
  signal?: AbortSignal,
): AsyncGenerator<Progress, Read, void> {
  const table = await openTable(file);
  const keyName = findKeyColumn(table);
  const others = table.names.filter((name) => name !== keyName);
  const lists = others.filter((name) => isList(table.sample[0]?.[table.names.indexOf(name)]));
  const builder = new RowBuilder(file.path);
  const take = (fields: readonly Field[], line: number): void => {
    const [key, first] = fields as readonly unknown[];
    const row =
      lists.length > 0 && isList(first)
        ? Float32Array.from(first, Number)
        : asNumbers(fields.slice(1));
    builder.add(fieldText(key as Field), row, line);
  };
  yield* table.read([keyName, ...(lists.length > 0 ? [lists[0]!] : others)], take, signal);
  return builder.build(`the column "${keyName}"`);
}

/** Keys of a matrix without them: a text file with one a line, or a table with a column of them. */
async function* readKeys(
  file: SourceFile,
  signal?: AbortSignal,
): AsyncGenerator<Progress, string[], void> {
  if (/\.json$/i.test(file.path)) {
    const list: unknown = JSON.parse(await file.blob.text());
    if (Array.isArray(list)) return list.map(String);
    throw bad(file.path, "expected a JSON list of keys");
  }
  const head = await readHead(file, 4096);
  const isPlain = !/[,\t;]/.test(new TextDecoder().decode(head)) && head[0] !== 0x50;
  if (isPlain) {
    const lines = (await file.blob.text()).split(/\r?\n/).map((line) => line.trim());
    const keys = lines.filter((line) => line !== "");
    return KEY_NAMES.includes(keys[0]?.toLowerCase() ?? "") ? keys.slice(1) : keys;
  }
  const table = await openTable(file);
  const keys: string[] = [];
  yield* table.read([findKeyColumn(table)], ([key]) => keys.push(fieldText(key)), signal);
  return keys;
}

/** The matrix of a NumPy or safetensors file; of several tensors the one named so, else the only one of two dimensions. */
async function readMatrix({
  path,
  blob,
}: SourceFile): Promise<{ shape: readonly number[]; values: Float32Array }> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (/\.npy$/i.test(path)) {
    const { shape, values } = readNpy(bytes);
    return { shape, values: Float32Array.from(values) };
  }
  const tensors = readSafetensors(bytes, path);
  const matrices = [...tensors].filter(([, { shape }]) => shape.length === 2);
  const named = matrices.find(([name]) => /embedding/i.test(name));
  const found = named ?? (matrices.length === 1 ? matrices[0] : undefined);
  if (found) return found[1];
  const names = [...tensors].map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
  throw bad(
    path,
    `expected one tensor [rows, width] or one named "embeddings", found: ${names.join(", ") || "none"}`,
  );
}

async function* readWithKeys(
  file: SourceFile,
  keyFile: SourceFile | undefined,
  signal?: AbortSignal,
): AsyncGenerator<Progress, Read, void> {
  const { shape, values } = await readMatrix(file);
  if (shape.length !== 2)
    throw bad(file.path, `expected a matrix [rows, width], got [${shape.join(", ")}]`);
  if (!keyFile)
    throw new FootfallError(
      "missing-file",
      `${file.path} has ${shape[0]} rows without keys; give a file beside it with one cell or user a line`,
    );
  const keys = yield* readKeys(keyFile, signal);
  if (keys.length !== shape[0])
    throw bad(keyFile.path, `it has ${keys.length} keys, ${file.path} has ${shape[0]} rows`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw bad(file.path, `row ${Math.floor(wrong / shape[1]!) + 1} holds no finite number`);
  return { keys, width: shape[1]!, data: values, keyName: keyFile.path };
}

/** Cells where all keys are cells, users where none is. Throws "bad-file" for a mixture and for a key that comes twice. */
function checkKeys(path: string, { keys, keyName }: Read): Pick<Embeddings, "key" | "keys"> {
  if (keys.length === 0) throw bad(path, "it has no rows");
  const hashes = keys.map(toHash);
  const cells = hashes.filter((hash) => hash !== undefined).length;
  if (cells > 0 && cells < keys.length) {
    const at = hashes.indexOf(undefined);
    throw bad(path, `${keyName} holds cells, but row ${at + 1} is "${keys[at]}"`);
  }
  const own = cells > 0 ? hashes.map((hash) => hash!) : keys;
  const seen = new Set<string>();
  own.forEach((key, n) => {
    if (seen.has(key)) throw bad(path, `row ${n + 1}: "${key}" has an embedding already`);
    seen.add(key);
  });
  return { key: cells > 0 ? "cell" : "user", keys: own };
}

/**
 * Reads pre-computed embeddings: Parquet, CSV or TSV with a key and a list or columns of numbers; `.npy` or
 * `.safetensors` with a second file of keys. Throws "bad-file" (rows of different width, a number that is none,
 * too few or double keys), "missing-file", "stopped".
 */
export async function* readEmbeddings(
  files: readonly SourceFile[],
  signal?: AbortSignal,
): AsyncGenerator<Progress, Embeddings, void> {
  const pace = createPace(signal);
  const main = files.find(({ path }) => isMatrix(path)) ?? files[0];
  if (!main) throw new FootfallError("missing-file", "no file of embeddings was given");
  const keyFile = files.find((file) => file !== main);
  yield { phase: `read ${main.path}`, done: 0, total: 1, unit: "files" };
  const read = isMatrix(main.path)
    ? yield* readWithKeys(main, keyFile, signal)
    : yield* readTable(main, signal);
  await pace.rest();
  const { width, data } = read;
  const checked = checkKeys(main.path, read);
  const source = `${checked.keys.length} embeddings of ${width} numbers from ${main.path}`;
  return { ...checked, width, data, source };
}
