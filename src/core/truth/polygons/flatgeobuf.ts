import type { SourceFile } from "../../data/read/source";
import { FootfallError } from "../../errors";
import { createPace, type Progress } from "../../pace";
import { LayerBuilder } from "./build";
import { NOT_SAID, placeByCode, placeByName, placeByWkt, type Placement } from "./crs";
import { FlatTable } from "./flat-table";
import { kindOf, mergeGeometries, NOTHING, type Geometry, type Ring } from "./geometry";
import type { PolygonLayer, PolygonOptions } from "./layer";
import { NAMES } from "./wkb";

/** A column of the header: its name and the number of its type. */
interface Column {
  readonly name: string;
  readonly type: number;
}

/** What the header says (header.fbs of FlatGeobuf 3). */
interface Header {
  readonly kind: number;
  readonly columns: readonly Column[];
  readonly count: number;
  /** Entries of a node of the index; 0 for a file without one. */
  readonly nodeSize: number;
  readonly crs: { readonly code: number; readonly wkt: string } | undefined;
}

const MAGIC_BYTES = 8;
const NODE_BYTES = 40;

function readHeader(bytes: Uint8Array): Header {
  const table = FlatTable.root(bytes);
  const crs = table.table(10);
  return {
    kind: table.uint8(2),
    columns: table.tables(7).map((column) => ({ name: column.text(0), type: column.uint8(1) })),
    count: table.uint64(8),
    nodeSize: table.uint16(9, 16),
    crs: crs && { code: crs.int32(1), wkt: crs.text(4) },
  };
}

/** Bytes of the index: a tree whose leaves are the features. */
function indexBytes({ count, nodeSize }: Header): number {
  if (nodeSize < 2 || count === 0) return 0;
  let nodes = count;
  for (let level = count; level > 1;) {
    level = Math.ceil(level / nodeSize);
    nodes += level;
  }
  return (count === 1 ? 2 : nodes) * NODE_BYTES;
}

function findPlacement({ crs }: Header, path: string, named: string | undefined): Placement {
  if (named !== undefined) return placeByName(named);
  if (crs?.wkt) return placeByWkt(crs.wkt, path);
  return crs?.code ? placeByCode(crs.code, path) : NOT_SAID;
}

/** Rings of a polygon: its corners, and where each ring ends. */
function toRings(geometry: FlatTable): Ring[] {
  const corners = geometry.float64s(1);
  const ends = geometry.uint32s(0);
  if (ends.length === 0) return [corners];
  return ends.map((end, i) => corners.slice(2 * (ends[i - 1] ?? 0), 2 * end));
}

function toGeometry(geometry: FlatTable | undefined, kind: number, depth = 0): Geometry {
  if (geometry === undefined) return NOTHING;
  if (depth > 8) throw new RangeError("collections in collections");
  const own = kind === 0 ? geometry.uint8(6) : kind;
  if (own === 3 || own === 17) return { polygons: [toRings(geometry)], others: [] };
  if (own === 6) return { polygons: geometry.tables(7).map(toRings), others: [] };
  if (own === 7) {
    return mergeGeometries(geometry.tables(7).map((part) => toGeometry(part, 0, depth + 1)));
  }
  return { polygons: [], others: [kindOf(NAMES[own] ?? `kind ${own}`)] };
}

/** Readers of values by the number of their type, and the bytes of each. */
const NUMBERS: Readonly<
  Record<number, readonly [bytes: number, (view: DataView, at: number) => unknown]>
> = {
  0: [1, (view, at) => view.getInt8(at)],
  1: [1, (view, at) => view.getUint8(at)],
  2: [1, (view, at) => view.getUint8(at) !== 0],
  3: [2, (view, at) => view.getInt16(at, true)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [4, (view, at) => view.getInt32(at, true)],
  6: [4, (view, at) => view.getUint32(at, true)],
  7: [8, (view, at) => view.getBigInt64(at, true)],
  8: [8, (view, at) => view.getBigUint64(at, true)],
  9: [4, (view, at) => view.getFloat32(at, true)],
  10: [8, (view, at) => view.getFloat64(at, true)],
};

const BINARY = 14;

/** The values of a feature: number of the column and value in turn. */
function toProperties(bytes: Uint8Array, columns: readonly Column[]): Record<string, unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const properties: Record<string, unknown> = {};
  for (let at = 0; at < bytes.length;) {
    const column = columns[view.getUint16(at, true)];
    if (column === undefined) throw new RangeError("a value belongs to no column");
    at += 2;
    const number = NUMBERS[column.type];
    if (number !== undefined) {
      properties[column.name] = number[1](view, at);
      at += number[0];
      continue;
    }
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) throw new RangeError("a text is longer than its feature");
    const value = bytes.subarray(at + 4, end);
    properties[column.name] = column.type === BINARY ? null : new TextDecoder().decode(value);
    at = end;
  }
  return properties;
}

const broken = (path: string, cause: unknown): FootfallError => {
  if (cause instanceof FootfallError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FootfallError("bad-file", `${path} is a broken FlatGeobuf: ${why}`, { cause });
};

/** A part of the file that begins with its length, and where the next one begins. */
function takePart(bytes: Uint8Array, at: number): [part: Uint8Array, next: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const next = at + 4 + view.getUint32(at, true);
  if (next > bytes.length) throw new RangeError("it was cut");
  return [bytes.subarray(at + 4, next), next];
}

/**
 * FlatGeobuf, all features. The package of that name does not end on an index of no features and believes every
 * length that a damaged file gives, so the file is read here. Throws "bad-file", also where it was cut, "stopped".
 */
export async function* readFlatGeobuf(
  { path, blob }: SourceFile,
  { system }: PolygonOptions,
  signal?: AbortSignal,
): AsyncGenerator<Progress, PolygonLayer, void> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pace = createPace(signal);
  try {
    const [head, end] = takePart(bytes, MAGIC_BYTES);
    const header = readHeader(head);
    const placement = findPlacement(header, path, system);
    const builder = new LayerBuilder({ name: path, format: "FlatGeobuf", placement });
    for (let at = end + indexBytes(header); at < bytes.length;) {
      const [part, next] = takePart(bytes, at);
      const feature = FlatTable.root(part);
      const properties = toProperties(feature.bytes(1), header.columns);
      builder.add(toGeometry(feature.table(0), header.kind), properties);
      at = next;
      if (!pace.due()) continue;
      await pace.rest();
      yield { phase: "read the polygons", done: at, total: bytes.length, unit: "bytes" };
    }
    if (builder.read < header.count) {
      throw new RangeError(`it was cut, ${builder.read} of ${header.count} features are there`);
    }
    return builder.build();
  } catch (thrown) {
    throw broken(path, thrown);
  }
}
