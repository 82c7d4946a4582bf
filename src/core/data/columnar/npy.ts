import { FootfallError } from "../../errors";

/** The number types that Footfall exchanges; names as in NumPy, little-endian. */
export type NpyValues =
  Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array;

export interface Npy {
  shape: number[];
  values: NpyValues;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

const TYPES = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "|u1": Uint8Array,
  "<u2": Uint16Array,
  "<u4": Uint32Array,
  "<i4": Int32Array,
} as const;
type Descr = keyof typeof TYPES;

function descrOf(values: NpyValues): Descr {
  const found = Object.entries(TYPES).find(([, type]) => values instanceof type);
  return found![0] as Descr;
}

/** A NumPy file of version 1.0, C order; the header is padded so that the data starts at a multiple of 64. */
export function writeNpy(values: NpyValues, shape: number[] = [values.length]): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descrOf(values)}', 'fortran_order': False, 'shape': (${dims}), }`;
  const headerLength = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(headerLength + values.byteLength);
  bytes.set(MAGIC);
  bytes.set([1, 0, (headerLength - 10) & 255, (headerLength - 10) >> 8], 6);
  bytes.fill(0x20, 10, headerLength);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[headerLength - 1] = 0x0a;
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), headerLength);
  return bytes;
}

/** What the header of a NumPy file says. */
export interface NpyHeader {
  /** Type of the values, such as "<f4". */
  descr: string;
  shape: number[];
  isFortranOrder: boolean;
  /** Where the values begin. */
  dataAt: number;
  /** As it stands in the file, for messages. */
  text: string;
}

/** Reads the header from the first bytes of a file. Throws "bad-file" where there is none or it is cut. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  const isNpy = bytes.length >= 12 && MAGIC.every((byte, i) => bytes[i] === byte);
  if (!isNpy)
    throw new FootfallError("bad-file", "not a NumPy file: the first bytes are not \\x93NUMPY");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2; // version 2 has a 4-byte length
  const dataAt = wide ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  const text = new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, dataAt)).trim();
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const dims = /'shape':\s*\(([\d, ]*)\)/.exec(text)?.[1];
  if (descr === undefined || dims === undefined) {
    throw new FootfallError(
      "bad-file",
      `a NumPy file with the header ${text}; expected a plain array`,
    );
  }
  const shape = dims
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  return { descr, shape, isFortranOrder: /'fortran_order':\s*True/.test(text), dataAt, text };
}

/** How many values an array of this shape has. */
export const countValues = (shape: readonly number[]): number =>
  shape.reduce((product, dim) => product * dim, 1);

/** Reads a NumPy file in C order; the values are a copy. Throws "bad-file" with the reason. */
export function readNpy(bytes: Uint8Array): Npy {
  const { descr, shape, isFortranOrder, dataAt, text } = readNpyHeader(bytes);
  if (!(descr in TYPES) || isFortranOrder) {
    throw new FootfallError(
      "bad-file",
      `a NumPy file with the header ${text}; expected C order and one of ${Object.keys(TYPES).join(" ")}`,
    );
  }
  const Type = TYPES[descr as Descr];
  const wanted = countValues(shape) * Type.BYTES_PER_ELEMENT;
  if (bytes.length - dataAt < wanted) {
    throw new FootfallError(
      "bad-file",
      `a NumPy file of shape (${shape.join(", ")}) needs ${wanted} bytes of data, ${bytes.length - dataAt} came`,
    );
  }
  return { shape, values: new Type(bytes.slice(dataAt, dataAt + wanted).buffer) };
}
