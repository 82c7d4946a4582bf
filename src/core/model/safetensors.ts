import { FootfallError } from "../errors";
import { bfloatsToFloats, floatsToHalves, halvesToFloats } from "./half";

/** A tensor on the CPU: row-major values and their shape. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Named tensors of one model, in the order of their file. */
export type HostTensors = ReadonlyMap<string, HostTensor>;

/** How the values of a written file are stored. */
export type FloatType = "F32" | "F16";

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const BYTES_PER_VALUE: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };
/** The header is JSON of a few hundred bytes a tensor; more than this is another kind of file. */
const MAX_HEADER_BYTES = 100_000_000;

function bad(where: string, what: string): FootfallError {
  return new FootfallError("bad-file", `${where}: ${what}`);
}

function readHeader(bytes: Uint8Array, where: string): { entries: object; start: number } {
  if (bytes.length < 8) throw bad(where, `${bytes.length} bytes are no safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || length > MAX_HEADER_BYTES || 8 + length > bytes.length) {
    throw bad(where, `the header should take ${length} bytes, the file has ${bytes.length}`);
  }
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  try {
    const entries: unknown = JSON.parse(text);
    if (typeof entries === "object" && entries !== null) return { entries, start: 8 + length };
  } catch (cause) {
    throw new FootfallError("bad-file", `${where}: the header is not JSON`, { cause });
  }
  throw bad(where, "the header is no JSON object");
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  const areSizes = (list: unknown): boolean =>
    Array.isArray(list) && list.every((n) => Number.isInteger(n) && n >= 0);
  return (
    typeof entry?.dtype === "string" &&
    areSizes(entry.shape) &&
    areSizes(entry.data_offsets) &&
    entry.data_offsets?.length === 2
  );
}

function toFloats(dtype: string, data: ArrayBuffer): Float32Array {
  if (dtype === "F16") return halvesToFloats(new Uint16Array(data));
  if (dtype === "BF16") return bfloatsToFloats(new Uint16Array(data));
  return new Float32Array(data);
}

function readTensor(data: Uint8Array, entry: Entry, where: string): HostTensor {
  const [begin, end] = entry.data_offsets;
  const count = entry.shape.reduce((product, n) => product * n, 1);
  const expected = count * BYTES_PER_VALUE[entry.dtype]!;
  if (end - begin !== expected || end > data.length) {
    throw bad(where, `expected ${expected} bytes, the file is cut short or wrong`);
  }
  const copy = new Uint8Array(data.subarray(begin, end)); // aligned, whatever the offset is
  return { shape: entry.shape, values: toFloats(entry.dtype, copy.buffer) };
}

/**
 * Reads a safetensors file: F32, F16 and BF16 as floats; tensors of other types (such as the integer
 * `position_ids` of old files) are left out. `where` names the file in errors. Throws "bad-file".
 * Format: github.com/huggingface/safetensors, "Format".
 */
export function readSafetensors(bytes: Uint8Array, where = "model.safetensors"): HostTensors {
  const { entries, start } = readHeader(bytes, where);
  const data = bytes.subarray(start);
  const tensors = new Map<string, HostTensor>();
  for (const [name, entry] of Object.entries(entries) as [string, unknown][]) {
    if (name === "__metadata__") continue;
    if (!isEntry(entry)) throw bad(where, `"${name}" lacks dtype, shape or data_offsets`);
    if (!(entry.dtype in BYTES_PER_VALUE)) continue;
    tensors.set(name, readTensor(data, entry, `${where}: "${name}"`));
  }
  return tensors;
}

function toBytes(values: Float32Array, type: FloatType): Uint8Array {
  const stored = type === "F16" ? floatsToHalves(values) : values;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/** Writes tensors as one safetensors file, names sorted, all of one type. */
export function writeSafetensors(tensors: HostTensors, type: FloatType = "F32"): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const names = [...tensors.keys()].sort();
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const { shape, values } = tensors.get(name)!;
    const part = toBytes(values, type);
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + part.length] };
    offset += part.length;
    parts.push(part);
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8)); // names are ASCII
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, 8);
  offset = 8 + text.length;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}
