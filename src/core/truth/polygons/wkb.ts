import { FootfallError } from "../../errors";
import { kindOf, mergeGeometries, NOTHING, type Geometry, type Ring } from "./geometry";

/** Kinds of geometry by their number (OGC 06-103r4, table 7). */
export const NAMES: Readonly<Record<number, string>> = {
  1: "Point",
  2: "LineString",
  3: "Polygon",
  4: "MultiPoint",
  5: "MultiLineString",
  6: "MultiPolygon",
  7: "GeometryCollection",
  8: "CircularString",
  9: "CompoundCurve",
  10: "CurvePolygon",
  11: "MultiCurve",
  12: "MultiSurface",
  15: "PolyhedralSurface",
  16: "TIN",
  17: "Triangle",
};

/** Reads well-known binary (OGC 06-103r4, 8.2; also PostGIS's flags for height, measure and system). */
class WkbReader {
  readonly #view: DataView;
  #at = 0;
  #isLittle = true;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #uint(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, this.#isLittle);
  }

  /** A count of things that take at least so many bytes each: a broken count must not ask for memory. */
  #count(bytesEach: number): number {
    const count = this.#uint();
    if (count * bytesEach > this.#view.byteLength - this.#at) throw new RangeError("cut");
    return count;
  }

  /** Kind of the geometry that begins here, and numbers per corner. */
  #header(): { kind: number; dimensions: number } {
    this.#isLittle = this.#view.getUint8(this.#at++) === 1;
    const code = this.#uint();
    if (code & 0x20000000) this.#at += 4; // PostGIS: the system's number
    const flat = code & 0x0fffffff;
    const flags = Number((code & 0x80000000) !== 0) + Number((code & 0x40000000) !== 0);
    const group = Math.floor(flat / 1000); // 1: height, 2: measure, 3: both
    return { kind: flat % 1000, dimensions: 2 + flags + (group === 3 ? 2 : Math.min(group, 1)) };
  }

  #ring(dimensions: number): Ring {
    const count = this.#count(8 * dimensions);
    const ring: Ring = [];
    for (let i = 0; i < count; i++, this.#at += 8 * dimensions) {
      ring.push(this.#view.getFloat64(this.#at, this.#isLittle));
      ring.push(this.#view.getFloat64(this.#at + 8, this.#isLittle));
    }
    return ring;
  }

  #rings(dimensions: number): Ring[] {
    return Array.from({ length: this.#count(4) }, () => this.#ring(dimensions));
  }

  read(depth = 0): Geometry {
    if (depth > 8) throw new RangeError("collections in collections");
    const { kind, dimensions } = this.#header();
    if (kind === 3 || kind === 17) return { polygons: [this.#rings(dimensions)], others: [] };
    if (kind === 6 || kind === 7 || kind === 15 || kind === 16) {
      const count = this.#count(5);
      return mergeGeometries(Array.from({ length: count }, () => this.read(depth + 1)));
    }
    this.#skip(kind, dimensions, depth);
    return { polygons: [], others: [kindOf(NAMES[kind] ?? `kind ${kind}`)] };
  }

  /** Passes over points and lines, so that what follows in a collection is found. Curves end the reading. */
  #skip(kind: number, dimensions: number, depth: number): void {
    if (kind === 1) this.#at += 8 * dimensions;
    else if (kind === 2) this.#ring(dimensions);
    else if (kind === 4 || kind === 5) {
      for (let left = this.#count(5); left > 0; left--) this.read(depth + 1);
    } else if (depth > 0) throw new RangeError(`${NAMES[kind] ?? `kind ${kind}`} in a collection`);
  }
}

/** A geometry of well-known binary; nothing is in one that is missing. Throws "bad-file" where the bytes are broken. */
export function fromWkb(bytes: Uint8Array | null | undefined, where: string): Geometry {
  if (!bytes || bytes.length === 0) return NOTHING;
  try {
    return new WkbReader(bytes).read();
  } catch (cause) {
    throw new FootfallError("bad-file", `${where} has a broken geometry (WKB)`, { cause });
  }
}
